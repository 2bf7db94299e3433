namespace Resilience.Tests.Execution;

/// <summary>A callback that acts by script, one act a start; when they run out it completes at once.</summary>
internal sealed class ScriptedCallback(World world, params IEnumerable<Does> script)
{
    private readonly Queue<Does> _script = new(script);

    public int Starts { get; private set; }

    public Tracked Run()
    {
        var act = Start();
        if (act is Does.CompleteThoughCancelled or Does.CancelAtOnce or Does.CancelLater)
        {
            world.Caller.Cancel();
        }

        return End(act);
    }

    public ValueTask<Tracked> RunAsync()
    {
        var act = Start();
        switch (act)
        {
            case Does.CompleteLater or Does.ThrowLater or Does.CancelLater:
                return EndLater(act);
            case Does.CompleteThoughCancelled or Does.CancelAtOnce:
                world.Caller.Cancel();
                break;
        }

        return new ValueTask<Tracked>(End(act));
    }

    /// <summary>The same, with failures returned.</summary>
    public async ValueTask<Outcome<Tracked>> RunOutcomeAsync()
    {
        try
        {
            return Outcome.FromResult(await RunAsync());
        }
        catch (Exception exception) when (exception is ScriptedException or OperationCanceledException)
        {
            return Outcome.FromException<Tracked>(exception);
        }
    }

    private Does Start()
    {
        Starts++;
        world.Note("*");
        return _script.TryDequeue(out var act) ? act : Does.CompleteAtOnce;
    }

    private async ValueTask<Tracked> EndLater(Does act)
    {
        await world.Signal(cancels: act == Does.CancelLater);
        return End(act);
    }

    private Tracked End(Does act) => act switch
    {
        Does.ThrowAtOnce or Does.ThrowLater => throw new ScriptedException("callback"),
        Does.CancelAtOnce or Does.CancelLater => throw new OperationCanceledException(world.Caller.Token),
        _ => world.NewResult("callback"),
    };
}
