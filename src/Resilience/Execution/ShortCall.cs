using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The shortest way through a pipeline, for those whose strategies have nothing to do with a call that ends well at once: retries, ready
/// fallbacks, and at most one circuit breaker and some timeouts, whose parts are played here. There is no frame, which is half of breaker.closed
/// and of standard4. A call that turns is given the frame and the slots that <see cref="StraightCall"/> would have filled by then, and goes on there.
/// </summary>
internal static class ShortCall<TState, T, TParts>
    where TParts : struct, IShortParts
{
    internal static ValueTask<T> ThrowingAsync(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
    {
        // What only a call that turns needs is written once and before it turns, or not at all: stores are what such a call costs most.
        Unsafe.SkipInit(out T result);
        Unsafe.SkipInit(out ValueTask<T> task);
        var phase = core.Gate is { } gate ? gate.Current : null;
        if (token.IsCancellationRequested || phase is { Admits: false })
        {
            return AskAsync(core, phase, callback, state, token);
        }

        var verdict = Verdict.Success;
        var retries = 0;
        var place = CallPhase.Entering;
        DeadlineSource? source = null;
        var now = 0L;
        Exception? thrown = null;
        try
        {
            if (Follow(
                core, callback, state, token, phase, ref task, ref result, ref verdict, ref place, ref retries, ref source, ref now))
            {
                return new ValueTask<T>(result);
            }
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        return TurnAsync(core, callback, state, token, task, result, phase, place, verdict, thrown, retries, TParts.All ? source : null, now);
    }

    internal static ValueTask<Outcome<T>> OutcomeAsync(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
    {
        Unsafe.SkipInit(out T result);
        Unsafe.SkipInit(out ValueTask<T> task);
        var phase = core.Gate is { } gate ? gate.Current : null;
        if (token.IsCancellationRequested || phase is { Admits: false })
        {
            return AskOutcomeAsync(core, phase, callback, state, token);
        }

        var verdict = Verdict.Success;
        var retries = 0;
        var place = CallPhase.Entering;
        DeadlineSource? source = null;
        var now = 0L;
        Exception? thrown = null;
        try
        {
            if (Follow(
                core, callback, state, token, phase, ref task, ref result, ref verdict, ref place, ref retries, ref source, ref now))
            {
                return new ValueTask<Outcome<T>>(new Outcome<T>(result, default));
            }
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        return TurnOutcomeAsync(core, callback, state, token, task, result, phase, place, verdict, thrown, retries, TParts.All ? source : null, now);
    }

    /// <summary>
    /// The line itself. True if the call is over, with its <paramref name="result"/>; a call that turns has one if it is
    /// <see cref="CallPhase.Leaving"/>, and a <paramref name="task"/> if not. In one piece with its callers, whose locals these are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Follow(
        PipelineCore core,
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        CancellationToken token,
        Phase? phase,
        ref ValueTask<T> task,
        ref T result,
        ref Verdict verdict,
        ref CallPhase place,
        ref int retries,
        ref DeadlineSource? source,
        ref long now)
    {
        var inner = token;
        if (TParts.All && core.ShortTimeout != TimeSpan.Zero)
        {
            source = ShortTurn.Arm(core, token, out now);
            inner = source.Token;
        }

        while (true)
        {
            var made = callback(state, inner);
            if (!made.IsCompletedSuccessfully)
            {
                task = made;
                return false;
            }

            if (TParts.All && source is not null)
            {
                source.Release();
                source = null;
            }

            // A task can be read once only.
            var returned = made.Result;
            result = returned;
            if (TParts.Rules && core.ResultClassifier is { } classifier)
            {
                place = CallPhase.Leaving;
                var judged = Unsafe.As<Classifier<T>>(classifier).ClassifyResult(returned);
                if (TParts.All && ShortTurn.IsAgain(judged, token) && retries < core.RetriesAtOnce && !Settlement.IsDisposable(returned))
                {
                    retries++;
                    place = CallPhase.Entering;
                    continue;
                }

                if (judged != Verdict.Success)
                {
                    verdict = judged;
                    return false;
                }
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
    private static ValueTask<T> AskAsync(
        PipelineCore core, Phase? phase, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token) =>
        ShortTurn.IsRefused(core, phase, token, out var fault)
            ? CallRunner.Faulted<T>(fault)
            : StraightCall.EnterAsync(core, callback, state, token);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> AskOutcomeAsync(
        PipelineCore core, Phase? phase, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token) =>
        ShortTurn.IsRefused(core, phase, token, out var fault)
            ? StraightCall.Refused<T>(fault)
            : StraightCall.EnterOutcomeAsync(core, callback, state, token);

    // Its parameters are the caller's locals one by one: a struct of them would be cleared by every call that does not turn.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> TurnAsync(
        PipelineCore core,
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        CancellationToken token,
        ValueTask<T> task,
        T result,
        Phase? phase,
        CallPhase place,
        Verdict verdict,
        Exception? thrown,
        int retries,
        DeadlineSource? source,
        long now)
    {
        // Locals are cleared on entry.
        Unsafe.SkipInit(out SlotBuffer slots);
        var frame = new CallFrame(core, token);
        var guard = core.GuardsFlow ? FlowGuard.Enter() : default;
        var turn = new ShortTurn(phase, place, verdict, thrown) { Retries = retries, Source = source, Now = now };
        task = place == CallPhase.Leaving ? new ValueTask<T>(result) : task;
        var end = turn.Apply(ref frame, ref slots[0])
            ? StraightCall.GoOnAsync(ref frame, ref slots[0], callback, state, ref task)
            : StraightCall.TurnAsync(ref frame, ref slots[0], callback, state, ref task, Entry.Go, Exit.Continue, thrown);
        guard.Exit();
        return end;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> TurnOutcomeAsync(
        PipelineCore core,
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        CancellationToken token,
        ValueTask<T> task,
        T result,
        Phase? phase,
        CallPhase place,
        Verdict verdict,
        Exception? thrown,
        int retries,
        DeadlineSource? source,
        long now)
    {
        Unsafe.SkipInit(out SlotBuffer slots);
        var frame = new CallFrame(core, token);
        var guard = core.GuardsFlow ? FlowGuard.Enter() : default;
        var turn = new ShortTurn(phase, place, verdict, thrown) { Retries = retries, Source = source, Now = now };
        task = place == CallPhase.Leaving ? new ValueTask<T>(result) : task;
        var end = turn.Apply(ref frame, ref slots[0])
            ? StraightCall.GoOnOutcomeAsync(ref frame, ref slots[0], callback, state, ref task)
            : StraightCall.TurnOutcomeAsync(ref frame, ref slots[0], callback, state, ref task, Entry.Go, Exit.Continue, thrown);
        guard.Exit();
        return end;
    }
}
