using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Starts further attempts beside the first, when that is late, and after it, when it failed. The first attempt runs in the call's own
/// frame; only one that must wait is split off, and then a <see cref="HedgeRace"/> decides.
/// </summary>
/// <remarks>The slot keeps the attempt's source, when it began if that is measured, and a <see cref="HedgingMemory"/>.</remarks>
internal sealed partial class HedgingStrategy(HedgingOptions options, HedgeDelay delay, RetryBudget? budget, object? action) : Strategy(options.Name)
{
    private const long Never = -1;
    private readonly bool _isMeasured = delay.Tracker is not null;

    /// <inheritdoc/>
    public override object Options => options;

    /// <inheritdoc/>
    public override bool SupportsSynchronousCalls => false;

    internal override HedgingStrategy Hedging => this;

    internal override bool NeedsFineClock => _isMeasured;

    internal HedgeDelay Delay => delay;

    internal RetryBudget? Budget => budget;

    internal HedgingCounters Counters => options.Counters;

    internal int MaxAttempts => options.MaxAttempts;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => options.OnHedge is not null;

    /// <summary>
    /// What an outcome means to a race. A refusal is no answer of the dependency, and one that asks for a wait is not followed before that.
    /// </summary>
    internal static AttemptEnding EndingOf(Verdict verdict, bool isRejected) =>
        isRejected || (verdict.Again == Again.After && verdict.RetryAfter > TimeSpan.Zero) ? AttemptEnding.Fails
        : verdict.Again == Again.No ? AttemptEnding.Wins
        : AttemptEnding.AsksForAnother;

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
    {
        var source = AttemptSource.Rent(frame.CallerToken, !frame.Core.OwnsSourcePerAttempt);
        frame.EnterAttempt(source);
        slot.Reference = source;
        slot.Second = 0;
        if (_isMeasured)
        {
            slot.First = frame.Ticks;
        }

        return Entry.Go;
    }

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        if (frame.Verdict.Again != Again.No && TryFollow(ref frame, ref slot))
        {
            return action is null ? CallTurn.DecidedAgain : CallTurn.TellOtherwise;
        }

        Close(ref frame, ref slot);
        return Exit.Continue;
    }

    /// <summary>The call waits inside the strategy: after which delay another attempt is to start, and at which word that is over.</summary>
    internal (long Delay, long Due) BeginWait(Clock clock, ref Slot slot)
    {
        var source = Unsafe.As<AttemptSource>(slot.Reference!);
        if (!source.IsTimed)
        {
            var memory = Pay(slot).Waits();
            memory.Store(ref slot);
            source.Time(clock, memory.Failed + 1 < options.MaxAttempts ? DelayTicks() : Never);
        }

        return (source.Delay, source.Due);
    }

    internal HedgeRace<T> RentRace<TCall, T>(CallThread thread, ref TCall call)
        where TCall : struct, ICall<T> => action is Func<CallContext, ValueTask<T>> own
            ? RentRace(thread, own)
            : HedgeRace<TCall, T>.Rent(thread, call);

    /// <summary>Follows an attempt that failed at once by one with an action of its own. True when the call goes on leaving.</summary>
    internal bool Follow<T>(ref CallFrame frame, ref Slot slot, ref T? result)
    {
        var race = RentRace(CallThread.Current, (Func<CallContext, ValueTask<T>>)action!);
        BeginWait(frame.Core.Clock, ref slot);
        race.FollowFailure(this, ref frame, slot, ref result);
        if (!race.IsDecided)
        {
            return false;
        }

        frame.TakeWrapped();
        race.Finish(ref frame, ref result);
        frame.Phase = CallPhase.Leaving;
        frame.RefreshClock();
        return true;
    }

    /// <summary>Tells the hook of the attempt that is about to start.</summary>
    internal void Tell(int attempt, HedgeReason reason, long delayTicks) =>
        options.OnHedge?.Invoke(new HedgeEvent(attempt, reason, new TimeSpan(delayTicks)));

    /// <summary>Asks the budget for one more attempt.</summary>
    /// <param name="debt">What is owed for it.</param>
    internal bool TryWithdraw(ref int debt)
    {
        var owed = new RetryDebt(debt);
        if (options.Counters.InFlightLosers >= options.MaxInFlightLosers || !IsGranted(ref owed))
        {
            options.Counters.OnRefused();
            return false;
        }

        debt = owed.Amount;
        return true;
    }

    // The attempt has failed at once, on the caller's stack or on that of the call that waited before.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFollow(ref CallFrame frame, ref Slot slot)
    {
        var memory = Pay(slot);
        memory.Store(ref slot);
        var mayFollow = EndingOf(frame.Verdict, frame.IsRejected) == AttemptEnding.AsksForAnother
            && memory.Failed + 1 < options.MaxAttempts
            && !frame.CallerToken.IsCancellationRequested
            && !frame.IsAgainForbidden
            && frame.HasTimeFor(TimeSpan.Zero);
        if (mayFollow && action is not null)
        {
            // The race counts the failure, asks the budget, and has a source for each attempt.
            return true;
        }

        if (frame.Verdict.Health == Health.Bad)
        {
            TellFailure();
        }

        if (!mayFollow || Unsafe.As<AttemptSource>(slot.Reference!).Renew() is not { } source)
        {
            return false;
        }

        slot.Reference = source;
        frame.CallerToken = source.Token;
        var owed = memory.Debt.Amount;
        if (!TryWithdraw(ref owed))
        {
            return false;
        }

        memory.Followed(owed).Store(ref slot);
        TellOfNext(ref frame, ref slot);
        options.Counters.OnHedge();
        frame.DropAttemptContext();
        return true;
    }

    // What the hook throws leaves the strategy, which is not asked to leave again.
    private void TellOfNext(ref CallFrame frame, ref Slot slot)
    {
        try
        {
            Tell(frame.Attempt + (frame.IsTurnedBack ? 0 : 1), HedgeReason.Failed, 0);
        }
        catch
        {
            Close(ref frame, ref slot);
            throw;
        }
    }

    private void Close(ref CallFrame frame, ref Slot slot)
    {
        var source = Unsafe.As<AttemptSource>(slot.Reference!);
        if (_isMeasured || slot.Second != 0)
        {
            End(ref frame, ref slot);
        }

        frame.LeaveAttempt(source);
        slot.Reference = null;
        source.Release();
    }

    private void End(ref CallFrame frame, ref Slot slot)
    {
        var isGood = frame.Verdict.Health == Health.Good;
        if (_isMeasured && isGood && new HedgingMemory(slot).Failed == 0)
        {
            Record(frame.Ticks - slot.First);
        }

        var memory = new HedgingMemory(slot);
        if (memory.HasWaitedEarlier)
        {
            options.Counters.OnDecided(byLater: true, losers: 0);
        }

        if (memory.HasPaid)
        {
            TellEnd(isGood, memory.Debt);
        }
    }

    private static HedgeRace<T> RentRace<T>(CallThread thread, Func<CallContext, ValueTask<T>> own) =>
        HedgeRace<ValueTaskCall<ContextInvoker<ValueTask<T>>, T>, T>.Rent(thread, new(new(own)));

    // A call that waits or fails counts in the budget, once.
    private HedgingMemory Pay(in Slot slot)
    {
        var memory = new HedgingMemory(slot);
        if (!memory.HasPaid)
        {
            TellStart();
        }

        return memory.Paid();
    }
}
