using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>What <see cref="ShortCall"/> is, for the callback that returns its outcome.</summary>
internal static class ShortOutcomeCall
{
    internal static ValueTask<Outcome<T>> RunAsync<TState, T, TParts>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback, TState state, CancellationToken token)
        where TParts : struct, IShortParts
    {
        Unsafe.SkipInit(out ValueTask<Outcome<T>> task);
        Phase? phase = null;
        if (token.IsCancellationRequested || (core.Gate is { } gate && !gate.Admits(out phase)))
        {
            return AskAsync(core, phase, callback, state, token);
        }

        var result = default(T?);
        var fault = default(Fault);
        var given = default(Fault);
        var verdict = Verdict.Success;
        var isJudged = false;
        var retries = 0;
        var place = CallPhase.Entering;
        DeadlineSource? source = null;
        var now = 0L;
        Exception? thrown = null;
        var isOver = false;
        try
        {
            var inner = token;
            if (TParts.All && core.ShortTimeout != TimeSpan.Zero)
            {
                source = ShortTurn.Arm(core, token, out now);
                inner = source.Token;
            }

            do
            {
                place = CallPhase.Entering;
                task = callback(state, inner);
                if (!task.IsCompletedSuccessfully)
                {
                    break;
                }

                var outcome = task.Result;
                result = outcome.ResultOrDefault;
                fault = outcome.Fault;
                place = CallPhase.Leaving;
                isJudged = !fault.Exists || (TParts.All && core.RetriesAtOnce > 0 && !fault.IsRejection && !token.IsCancellationRequested);
                if (!isJudged)
                {
                    break;
                }

                if (TParts.All && source is not null)
                {
                    source.Release();
                    source = null;
                }

                verdict = fault.Exists || (TParts.Rules && core.ResultClassifier is not null) ? Judge(core, result, fault) : Verdict.Success;
                if (TParts.All && ShortTurn.IsAgain(verdict, token) && retries < core.RetriesAtOnce && result is not IDisposable)
                {
                    retries++;
                    given = fault;
                    continue;
                }

                isOver = verdict == Verdict.Success && !fault.Exists;
                if (isOver && phase is not null)
                {
                    core.Gate!.Succeed(phase);
                }

                break;
            }
            while (true);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        return isOver
            ? new ValueTask<Outcome<T>>(new Outcome<T>(result, default))
            : TurnAsync(core, callback, state, token, ref task, result, fault, new ShortTurn(phase, place, isJudged ? verdict : null, thrown)
            {
                Retries = retries,
                Given = given,
                Source = source,
                Now = now,
            });
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Verdict Judge<T>(PipelineCore core, T? result, in Fault fault) => core.ResultClassifier is not { } classifier
        ? core.ExceptionClassifier.Classify(fault.Exception!)
        : fault.Exists ? Unsafe.As<Classifier<T>>(classifier).Classify(new Outcome<T>(result, fault))
        : Unsafe.As<Classifier<T>>(classifier).ClassifyResult(result!);

    // Nothing outside the breaker has a say in its refusal, which is then the end.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> AskAsync<TState, T>(
        PipelineCore core,
        Phase? phase,
        Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback,
        TState state,
        CancellationToken token) =>
        phase is not null && core.GatePosition == 0 && core.Gate!.Refuses(phase, out var fault)
            ? StraightCall.Refused<T>(fault)
            : StraightOutcomeCall.EnterAsync(core, callback, state, token);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> TurnAsync<TState, T>(
        PipelineCore core,
        Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback,
        TState state,
        CancellationToken token,
        ref ValueTask<Outcome<T>> task,
        T? result,
        in Fault fault,
        ShortTurn turn)
    {
        // Locals are cleared on entry.
        Unsafe.SkipInit(out SlotBuffer slots);
        var frame = new CallFrame(core, token) { Fault = fault };
        var guard = core.GuardsFlow ? FlowGuard.Enter() : default;
        var thrown = turn.Thrown;
        var isSettled = turn.Apply(ref frame, ref slots[0]) || IsSettled(ref frame, ref result, ref thrown);
        var end = isSettled
            ? StraightOutcomeCall.GoOnAsync(ref frame, ref slots[0], callback, state, ref task, ref result)
            : StraightOutcomeCall.TurnAsync(
                ref frame, ref slots[0], callback, state, ref task, Entry.Go, Exit.Continue, thrown, ref result);
        guard.Exit();
        return end;
    }

    // The rules that give a fault its verdict may throw.
    private static bool IsSettled<T>(ref CallFrame frame, ref T? result, ref Exception? thrown)
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
