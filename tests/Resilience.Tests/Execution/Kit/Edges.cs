namespace Resilience.Tests.Execution;

/// <summary>Runs a scripted callback through any edge and says how the call ended.</summary>
internal static class Edges
{
    private static readonly Tracked s_nothing = new("callback");

    internal static bool IsSynchronous(Edge edge) => edge >= Edge.Synchronous;

    internal static bool IsVoid(Edge edge) => edge is Edge.Void or Edge.VoidTask or Edge.SynchronousVoid;

    internal static Ended Run(Pipeline p, Edge edge, bool context, World world, ScriptedCallback callback)
    {
        var token = world.Caller.Token;
        return Drive(world, edge, edge switch
        {
            Edge.ValueTask => () => context
                ? Value(p.ExecuteAsync((CallContext _) => callback.RunAsync(), null, token))
                : Value(p.ExecuteAsync((CancellationToken _) => callback.RunAsync(), token)),
            Edge.Task => () => context
                ? Value(p.ExecuteAsync((CallContext _) => callback.RunAsync().AsTask(), null, token))
                : Value(p.ExecuteAsync((CancellationToken _) => callback.RunAsync().AsTask(), token)),
            Edge.Void => () => context
                ? Nothing(p.ExecuteAsync((CallContext _) => Void(callback.RunAsync()), null, token))
                : Nothing(p.ExecuteAsync((CancellationToken _) => Void(callback.RunAsync()), token)),
            Edge.VoidTask => () => context
                ? Nothing(p.ExecuteAsync((CallContext _) => (Task)callback.RunAsync().AsTask(), null, token))
                : Nothing(p.ExecuteAsync((CancellationToken _) => (Task)callback.RunAsync().AsTask(), token)),
            Edge.Outcome => () => context
                ? p.ExecuteOutcomeAsync((CallContext _) => callback.RunAsync(), null, token)
                : p.ExecuteOutcomeAsync(static (state, _) => state.RunAsync(), callback, token),
            Edge.OutcomeCallback => () => context
                ? p.ExecuteOutcomeAsync((CallContext _) => callback.RunOutcomeAsync(), null, token)
                : p.ExecuteOutcomeAsync((CancellationToken _) => callback.RunOutcomeAsync(), token),
            Edge.Synchronous => () => new(Outcome.FromResult(context
                ? p.Execute((CallContext _) => callback.Run(), null, token)
                : p.Execute((CancellationToken _) => callback.Run(), token))),
            Edge.SynchronousVoid => () => new(RunNow(p, context, callback, token)),
            Edge.SynchronousOutcome => () => new(context
                ? p.ExecuteOutcome((CallContext _) => callback.Run(), null, token)
                : p.ExecuteOutcome((CancellationToken _) => callback.Run(), token)),
            _ => () => new(context
                ? p.ExecuteOutcome((CallContext _) => Returned(callback), null, token)
                : p.ExecuteOutcome((CancellationToken _) => Returned(callback), token)),
        });
    }

    internal static Ended Run(Pipeline<Tracked> p, Edge edge, bool context, World world, ScriptedCallback callback)
    {
        var token = world.Caller.Token;
        return Drive(world, edge, edge switch
        {
            Edge.ValueTask => () => context
                ? Value(p.ExecuteAsync((CallContext _) => callback.RunAsync(), null, token))
                : Value(p.ExecuteAsync((CancellationToken _) => callback.RunAsync(), token)),
            Edge.Task => () => context
                ? Value(p.ExecuteAsync((CallContext _) => callback.RunAsync().AsTask(), null, token))
                : Value(p.ExecuteAsync((CancellationToken _) => callback.RunAsync().AsTask(), token)),
            Edge.Outcome => () => context
                ? p.ExecuteOutcomeAsync((CallContext _) => callback.RunAsync(), null, token)
                : p.ExecuteOutcomeAsync(static (state, _) => state.RunAsync(), callback, token),
            Edge.OutcomeCallback => () => context
                ? p.ExecuteOutcomeAsync((CallContext _) => callback.RunOutcomeAsync(), null, token)
                : p.ExecuteOutcomeAsync((CancellationToken _) => callback.RunOutcomeAsync(), token),
            Edge.Synchronous => () => new(Outcome.FromResult(context
                ? p.Execute((CallContext _) => callback.Run(), null, token)
                : p.Execute((CancellationToken _) => callback.Run(), token))),
            Edge.SynchronousOutcome => () => new(context
                ? p.ExecuteOutcome((CallContext _) => callback.Run(), null, token)
                : p.ExecuteOutcome((CancellationToken _) => callback.Run(), token)),
            Edge.SynchronousOutcomeCallback => () => new(context
                ? p.ExecuteOutcome((CallContext _) => Returned(callback), null, token)
                : p.ExecuteOutcome((CancellationToken _) => Returned(callback), token)),
            _ => throw new InvalidOperationException($"A pipeline for one type of result has no edge {edge}."),
        });
    }

    // A synchronous call blocks its thread, so it runs beside the one that gives the signals.
    private static Ended Drive(World world, Edge edge, Func<ValueTask<Outcome<Tracked>>> start)
    {
        var call = IsSynchronous(edge) ? Task.Run(async () => await start()) : Started(start);
        world.Drive(call);
        return call.IsCompletedSuccessfully
            ? Ended.Of(call.Result)
            : Ended.Of(call.Exception?.InnerException ?? new OperationCanceledException());
    }

    private static async Task<Outcome<Tracked>> Started(Func<ValueTask<Outcome<Tracked>>> start) => await start();

    private static async ValueTask<Outcome<Tracked>> Value(ValueTask<Tracked> call) => Outcome.FromResult(await call);

    private static async ValueTask<Outcome<Tracked>> Nothing(ValueTask call)
    {
        await call;
        return Outcome.FromResult(s_nothing);
    }

    private static Outcome<Tracked> RunNow(Pipeline p, bool context, ScriptedCallback callback, CancellationToken token)
    {
        if (context)
        {
            p.Execute((CallContext _) => { callback.Run(); }, null, token);
        }
        else
        {
            p.Execute((CancellationToken _) => { callback.Run(); }, token);
        }

        return Outcome.FromResult(s_nothing);
    }

    private static async ValueTask Void(ValueTask<Tracked> call) => await call;

    private static Outcome<Tracked> Returned(ScriptedCallback callback)
    {
        try
        {
            return Outcome.FromResult(callback.Run());
        }
        catch (Exception exception)
        {
            return Outcome.FromException<Tracked>(exception);
        }
    }
}
