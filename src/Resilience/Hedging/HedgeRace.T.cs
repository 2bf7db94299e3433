using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A race for one type of result.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
internal abstract class HedgeRace<T> : HedgeRace, IPendingPart<T>
{
    private readonly HedgeAttempt<T>?[] _own = new HedgeAttempt<T>?[HedgingOptions.MostAttempts];

    /// <inheritdoc/>
    public bool Finish(ref CallFrame frame, ref T? result)
    {
        var winner = _own[Winner]!;
        frame.Take(winner.Outcome, ref result);
        winner.Outcome = default;
        Finish(ref frame);
        return true;
    }

    /// <summary>Begins with the attempt that a call waited for, which is made the call around the race.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="frame">The call around, split.</param>
    /// <param name="slot">What the strategy remembers of the call.</param>
    /// <param name="flow">The flow of the call.</param>
    /// <param name="context">Where the call goes on, if that is asked for.</param>
    internal void Begin(
        HedgingStrategy strategy, ref CallFrame frame, in Slot slot, ExecutionContext? flow, SynchronizationContext? context)
    {
        Begin(strategy, ref frame, slot, Of(0), flow, context);
        frame.Extras.Wrapped = this;
    }

    /// <summary>The attempt that is under way, with the source that its call has rented.</summary>
    internal HedgeAttempt<T> BeginFirst(AttemptSource source)
    {
        var first = Of(0);
        first.Begin(source);
        return first;
    }

    /// <summary>Goes on after the first attempt of <paramref name="frame"/> has failed at once.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="frame">The call, which waits for the race afterwards.</param>
    /// <param name="slot">What the strategy remembers of the call.</param>
    /// <param name="result">The result, if the attempt returned one.</param>
    internal void FollowFailure(HedgingStrategy strategy, ref CallFrame frame, in Slot slot, ref T? result)
    {
        var source = (AttemptSource)slot.Reference!;
        var first = BeginFirst(source);
        first.Outcome = new Outcome<T>(result, frame.Fault);
        first.Report(ref frame, frame.TakeAttemptContext(source));
        result = default;
        frame.WaitForRace(source, frame.Position);
        Begin(
            strategy,
            ref frame,
            slot,
            first,
            ExecutionContext.Capture(),
            frame.Core.ContinuesOnCapturedContext ? SynchronizationContext.Current : null);
        frame.Extras.Wrapped = this;
        Go();
        OnEnded(first);
    }

    /// <inheritdoc/>
    protected sealed override HedgeAttempt Ready(int index) => Of(index);

    /// <inheritdoc/>
    protected sealed override Verdict Judge(HedgeAttempt attempt, Strategy judge)
    {
        if (judge.HasOwnClassifier && !attempt.IsVerdictFinal)
        {
            try
            {
                return judge.JudgeAlone(Own(attempt).Outcome, attempt.Verdict);
            }
            catch (Exception exception)
            {
                attempt.Fail(exception);
            }
        }

        return attempt.Verdict;
    }

    /// <inheritdoc/>
    protected sealed override void Discard(int index)
    {
        var attempt = _own[index]!;
        var result = attempt.Outcome.ResultOrDefault;
        attempt.Outcome = default;
        Settlement.DiscardQuietly(ref result);
    }

    /// <summary>The attempt of this race with what it has of the result's type.</summary>
    protected static HedgeAttempt<T> Own(HedgeAttempt attempt)
    {
        Debug.Assert(attempt is HedgeAttempt<T>, "A race makes its attempts itself.");
        return Unsafe.As<HedgeAttempt<T>>(attempt);
    }

    private HedgeAttempt<T> Of(int index) => _own[index] ??= new HedgeAttempt<T>(this, index);
}
