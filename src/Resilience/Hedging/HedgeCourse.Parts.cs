namespace Resilience;

/// <content>What a race of real attempts adds to the course, and a test plays.</content>
internal abstract partial class HedgeCourse<TI>
{
    /// <summary>The most attempts, the first included.</summary>
    protected abstract int MaxAttempts { get; }

    /// <summary>The word at which the next attempt is due; moved on by each start.</summary>
    protected abstract long NextDue { get; }

    /// <summary>Whether the delay is over at once, so that nothing is waited for.</summary>
    protected abstract bool IsParallel { get; }

    /// <summary>Whether another attempt may start, and what is owed for it.</summary>
    protected abstract bool TryPermit(out int debt);

    /// <summary>The attempt that was permitted did not start.</summary>
    protected abstract void GiveBack(int debt);

    /// <summary>Makes the attempt known, looks whether the race is decided, and runs it. It may end before this returns.</summary>
    protected abstract Action? Start(int index, int debt, HedgeReason reason);

    /// <summary>Whether an attempt is known and, as far as can be seen, not over.</summary>
    protected abstract bool IsUnderWay(int index);

    /// <summary>Cancels an attempt, now or soon. The caller's hold passes on to the cancellation.</summary>
    protected abstract void Cancel(int index);

    /// <summary>The outcome of an ended attempt is nobody's.</summary>
    protected abstract void Discard(int index);

    /// <summary>The race is decided; so many attempts are still under way.</summary>
    protected abstract void OnDecided(int winner, int losers);

    /// <summary>An attempt that was under way at the decision has ended.</summary>
    protected abstract void OnLoserEnded();

    /// <summary>Has <see cref="OnDelayOver"/> called at <paramref name="word"/>. A full fence.</summary>
    protected abstract void ArmTimer(long word);

    /// <summary>Whether the delay was still to come, and will not.</summary>
    protected abstract bool TryDisarmTimer(long word);

    /// <summary>Nobody can reach the race any more.</summary>
    protected abstract void Recycle();
}
