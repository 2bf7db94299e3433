using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>What <see cref="ShortCall{TState,T,TParts}"/> is, for the callback that returns its outcome.</summary>
internal static class ShortOutcomeCall<TState, T, TParts>
    where TParts : struct, IShortParts
{
    internal static ValueTask<Outcome<T>> RunAsync(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback, TState state, CancellationToken token)
    {
        // Stores are what costs most here: what only a call that turns needs is not written by others. See ShortCall.
        Unsafe.SkipInit(out ValueTask<Outcome<T>> task);
        Unsafe.SkipInit(out Outcome<T> outcome);
        var phase = core.Gate is { } gate ? gate.Current : null;
        if (token.IsCancellationRequested || phase is { Admits: false })
        {
            return AskAsync(core, phase, callback, state, token);
        }

        var given = default(Fault);
        Verdict? verdict = null;
        var retries = 0;
        var place = CallPhase.Entering;
        DeadlineSource? source = null;
        var now = 0L;
        Exception? thrown = null;
        try
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
                    break;
                }

                var returned = made.Result;
                if (TParts.All && source is not null && returned.HasResult)
                {
                    source.Release();
                    source = null;
                }

                if (!returned.HasResult || (TParts.Rules && core.ResultClassifier is not null))
                {
                    outcome = returned;
                    place = CallPhase.Leaving;
                    verdict = Judge(core, returned, token);
                    if (TParts.All
                        && verdict is { } judged && ShortTurn.IsAgain(judged, token)
                        && retries < core.RetriesAtOnce && !Settlement.IsDisposable(returned.ResultOrDefault))
                    {
                        retries++;
                        given = returned.Fault;
                        place = CallPhase.Entering;
                        continue;
                    }

                    if (verdict != Verdict.Success || !returned.HasResult)
                    {
                        break;
                    }
                }

                if (phase is not null)
                {
                    core.Gate!.Succeed(phase);
                }

                return new ValueTask<Outcome<T>>(new Outcome<T>(returned.ResultOrDefault, default));
            }
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        return TurnAsync(
            core, callback, state, token, task, outcome, phase, place, verdict, thrown, retries, given, TParts.All ? source : null, now);
    }

    /// <summary>The verdict on what is to be judged before the strategies are told: a result, or a fault that is to be retried at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Verdict? Judge(PipelineCore core, in Outcome<T> outcome, CancellationToken token)
    {
        if (outcome.HasResult)
        {
            return Unsafe.As<Classifier<T>>(core.ResultClassifier!).ClassifyResult(outcome.ResultOrDefault!);
        }

        var fault = outcome.Fault;
        return !TParts.All || core.RetriesAtOnce == 0 || fault.IsRejection || token.IsCancellationRequested ? null
            : core.ResultClassifier is { } classifier ? Unsafe.As<Classifier<T>>(classifier).Classify(outcome)
            : core.ExceptionClassifier.Classify(fault.Exception!);
    }

    // Nothing outside the breaker has a say in its refusal, which is then the end.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> AskAsync(
        PipelineCore core,
        Phase? phase,
        Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback,
        TState state,
        CancellationToken token) =>
        ShortTurn.IsRefused(core, phase, token, out var fault)
            ? StraightCall.Refused<T>(fault)
            : StraightOutcomeCall.EnterAsync(core, callback, state, token);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> TurnAsync(
        PipelineCore core,
        Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback,
        TState state,
        CancellationToken token,
        ValueTask<Outcome<T>> task,
        Outcome<T> outcome,
        Phase? phase,
        CallPhase place,
        Verdict? verdict,
        Exception? thrown,
        int retries,
        Fault given,
        DeadlineSource? source,
        long now)
    {
        // Locals are cleared on entry.
        Unsafe.SkipInit(out SlotBuffer slots);
        var isKnown = place == CallPhase.Leaving;
        var result = isKnown ? outcome.ResultOrDefault : default;
        var frame = new CallFrame(core, token) { Fault = isKnown ? outcome.Fault : default };
        var guard = core.GuardsFlow ? FlowGuard.Enter() : default;
        var turn = new ShortTurn(phase, place, verdict, thrown) { Retries = retries, Given = given, Source = source, Now = now };
        var isSettled = turn.Apply(ref frame, ref slots[0]) || IsSettled(ref frame, ref result, ref thrown);
        var end = isSettled
            ? StraightOutcomeCall.GoOnAsync(ref frame, ref slots[0], callback, state, ref task, ref result)
            : StraightOutcomeCall.TurnAsync(
                ref frame, ref slots[0], callback, state, ref task, Entry.Go, Exit.Continue, thrown, ref result);
        guard.Exit();
        return end;
    }

    // The rules that give a fault its verdict may throw.
    private static bool IsSettled(ref CallFrame frame, ref T? result, ref Exception? thrown)
    {
        if (frame.Phase != CallPhase.Leaving || thrown is not null)
        {
            return false;
        }

        try
        {
            Settlement.Settle(ref frame, ref result);
            return true;
        }
        catch (Exception exception)
        {
            thrown = exception;
            return false;
        }
    }
}
