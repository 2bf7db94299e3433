using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>What <see cref="ShortCall"/> is, for the callback that returns its outcome.</summary>
internal static class ShortOutcomeCall
{
    internal static ValueTask<Outcome<T>> RunAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback, TState state, CancellationToken token)
    {
        Unsafe.SkipInit(out ValueTask<Outcome<T>> task);
        Phase? phase = null;
        if (token.IsCancellationRequested || (core.Gate is { } gate && !gate.Admits(out phase)))
        {
            return AskAsync(core, phase, callback, state, token);
        }

        var result = default(T?);
        var fault = default(Fault);
        var verdict = Verdict.Success;
        var place = CallPhase.Entering;
        Exception? thrown = null;
        var isOver = false;
        try
        {
            task = callback(state, token);
            if (task.IsCompletedSuccessfully)
            {
                var outcome = task.Result;
                result = outcome.ResultOrDefault;
                fault = outcome.Fault;
                place = CallPhase.Leaving;
                if (!fault.Exists)
                {
                    if (core.ResultClassifier is { } classifier)
                    {
                        verdict = Unsafe.As<Classifier<T>>(classifier).ClassifyResult(result!);
                    }

                    isOver = verdict == Verdict.Success;
                    if (isOver && phase is not null)
                    {
                        core.Gate!.Succeed(phase);
                    }
                }
            }
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        return isOver
            ? new ValueTask<Outcome<T>>(new Outcome<T>(result, default))
            : TurnAsync(core, callback, state, token, ref task, new ShortTurn(phase, place, verdict, thrown), result, fault);
    }

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
        ShortTurn turn,
        T? result,
        in Fault fault)
    {
        // Locals are cleared on entry.
        Unsafe.SkipInit(out SlotBuffer slots);
        var frame = new CallFrame(core, token) { Fault = fault };
        var thrown = turn.Thrown;
        if (turn.Apply(ref frame, ref slots[0]))
        {
            try
            {
                if (fault.Exists)
                {
                    Settlement.Settle(ref frame, ref result);
                }

                return StraightOutcomeCall.GoOnAsync(ref frame, ref slots[0], callback, state, ref task, ref result);
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }

        return StraightOutcomeCall.TurnAsync(
            ref frame, ref slots[0], callback, state, ref task, Entry.Go, Exit.Continue, thrown, ref result);
    }
}
