using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The shortest way through a pipeline, for those whose strategies have nothing to do with a call that ends well at once: retries, ready
/// fallbacks, and at most one circuit breaker and some timeouts, whose parts are played here. There is no frame, which is half of breaker.closed
/// and of standard4. A call that turns is given the frame and the slots that <see cref="StraightCall"/> would have filled by then, and goes on there.
/// </summary>
internal static class ShortCall
{
    internal static ValueTask<T> ThrowingAsync<TState, T, TParts>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
        where TParts : struct, IShortParts
    {
        Unsafe.SkipInit(out ValueTask<T> task);
        Phase? phase = null;
        if (token.IsCancellationRequested || (core.Gate is { } gate && !gate.Admits(out phase)))
        {
            return AskAsync(core, phase, callback, state, token);
        }

        var verdict = Verdict.Success;
        var retries = 0;
        var place = CallPhase.Entering;
        DeadlineSource? source = null;
        var now = 0L;
        Exception? thrown = null;
        var isOver = false;
        try
        {
            isOver = Follow<TState, T, TParts>(
                core, callback, state, token, phase, ref task, ref verdict, ref place, ref retries, ref source, ref now);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        return isOver
            ? task
            : TurnAsync(core, callback, state, token, ref task, new ShortTurn(phase, place, verdict, thrown)
            {
                Retries = retries,
                Source = source,
                Now = now,
            });
    }

    internal static ValueTask<Outcome<T>> OutcomeAsync<TState, T, TParts>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
        where TParts : struct, IShortParts
    {
        Unsafe.SkipInit(out ValueTask<T> task);
        Phase? phase = null;
        if (token.IsCancellationRequested || (core.Gate is { } gate && !gate.Admits(out phase)))
        {
            return AskOutcomeAsync(core, phase, callback, state, token);
        }

        var verdict = Verdict.Success;
        var retries = 0;
        var place = CallPhase.Entering;
        DeadlineSource? source = null;
        var now = 0L;
        Exception? thrown = null;
        var isOver = false;
        try
        {
            isOver = Follow<TState, T, TParts>(
                core, callback, state, token, phase, ref task, ref verdict, ref place, ref retries, ref source, ref now);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        return isOver
            ? StraightCall.Succeeded(ref task)
            : TurnOutcomeAsync(core, callback, state, token, ref task, new ShortTurn(phase, place, verdict, thrown)
            {
                Retries = retries,
                Source = source,
                Now = now,
            });
    }

    /// <summary>
    /// The line itself. True if the call is over, with its result in <paramref name="task"/>. In one piece with its callers, whose locals these are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Follow<TState, T, TParts>(
        PipelineCore core,
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        CancellationToken token,
        Phase? phase,
        ref ValueTask<T> task,
        ref Verdict verdict,
        ref CallPhase place,
        ref int retries,
        ref DeadlineSource? source,
        ref long now)
        where TParts : struct, IShortParts
    {
        var inner = token;
        if (TParts.All && core.ShortTimeout != TimeSpan.Zero)
        {
            source = ShortTurn.Arm(core, token, out now);
            inner = source.Token;
        }

        while (true)
        {
            place = CallPhase.Entering;
            task = callback(state, inner);
            if (!task.IsCompletedSuccessfully)
            {
                return false;
            }

            if (TParts.All && source is not null)
            {
                source.Release();
                source = null;
            }

            if (TParts.Rules && core.ResultClassifier is { } classifier)
            {
                place = CallPhase.Leaving;

                // A task can be read once only.
                var returned = task.GetAwaiter().GetResult();
                task = new ValueTask<T>(returned);
                verdict = Unsafe.As<Classifier<T>>(classifier).ClassifyResult(returned);
                if (TParts.All && ShortTurn.IsAgain(verdict, token) && retries < core.RetriesAtOnce && returned is not IDisposable)
                {
                    retries++;
                    continue;
                }
            }

            if (verdict != Verdict.Success)
            {
                return false;
            }

            if (phase is not null)
            {
                core.Gate!.Succeed(phase);
            }

            return true;
        }
    }

    // Nothing outside the breaker has a say in its refusal, which is then the end.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> AskAsync<TState, T>(
        PipelineCore core, Phase? phase, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token) =>
        phase is not null && core.GatePosition == 0 && core.Gate!.Refuses(phase, out var fault)
            ? CallRunner.Faulted<T>(fault)
            : StraightCall.EnterAsync(core, callback, state, token);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> AskOutcomeAsync<TState, T>(
        PipelineCore core, Phase? phase, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token) =>
        phase is not null && core.GatePosition == 0 && core.Gate!.Refuses(phase, out var fault)
            ? StraightCall.Refused<T>(fault)
            : StraightCall.EnterOutcomeAsync(core, callback, state, token);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> TurnAsync<TState, T>(
        PipelineCore core,
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        CancellationToken token,
        ref ValueTask<T> task,
        ShortTurn turn)
    {
        // Locals are cleared on entry.
        Unsafe.SkipInit(out SlotBuffer slots);
        var frame = new CallFrame(core, token);
        var guard = core.GuardsFlow ? FlowGuard.Enter() : default;
        var end = turn.Apply(ref frame, ref slots[0])
            ? StraightCall.GoOnAsync(ref frame, ref slots[0], callback, state, ref task)
            : StraightCall.TurnAsync(ref frame, ref slots[0], callback, state, ref task, Entry.Go, Exit.Continue, turn.Thrown);
        guard.Exit();
        return end;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> TurnOutcomeAsync<TState, T>(
        PipelineCore core,
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        CancellationToken token,
        ref ValueTask<T> task,
        ShortTurn turn)
    {
        Unsafe.SkipInit(out SlotBuffer slots);
        var frame = new CallFrame(core, token);
        var guard = core.GuardsFlow ? FlowGuard.Enter() : default;
        var end = turn.Apply(ref frame, ref slots[0])
            ? StraightCall.GoOnOutcomeAsync(ref frame, ref slots[0], callback, state, ref task)
            : StraightCall.TurnOutcomeAsync(ref frame, ref slots[0], callback, state, ref task, Entry.Go, Exit.Continue, turn.Thrown);
        guard.Exit();
        return end;
    }
}
