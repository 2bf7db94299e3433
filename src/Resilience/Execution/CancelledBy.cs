namespace Resilience;

/// <summary>What cancelled an attempt's source; whether the caller did is read from his own token, and goes first.</summary>
internal enum CancelledBy
{
    /// <summary>No deadline.</summary>
    Nobody,

    /// <summary>The deadline, in time.</summary>
    Deadline,

    /// <summary>The deadline, but long after it had passed: the machine or the process stood still meanwhile.</summary>
    LateDeadline,
}
