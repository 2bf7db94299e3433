namespace Resilience;

/// <summary>How far the attempts of a call have come. 8 bytes, for the reason of <see cref="CallPlace"/>.</summary>
internal struct CallProgress
{
    internal int Attempt;

    /// <summary>The attempt ended before its callback started, and is not counted.</summary>
    internal bool TurnedBack;

    /// <summary>No classifier has a say in the outcome that is passing.</summary>
    internal bool VerdictIsFinal;

    /// <summary>The attempt ended before its callback started, because the call must end at this level.</summary>
    internal bool IsStopped;

    /// <summary>Why the attempt under way is made.</summary>
    internal AttemptReason Reason;
}
