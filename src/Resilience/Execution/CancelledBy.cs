namespace Resilience;

/// <summary>Who cancelled a call's source first.</summary>
internal enum CancelledBy
{
    /// <summary>It was not cancelled.</summary>
    Nobody,

    /// <summary>The caller's own token.</summary>
    Caller,

    /// <summary>The deadline, in time.</summary>
    Deadline,

    /// <summary>The deadline, but long after it had passed: the machine or the process stood still meanwhile.</summary>
    LateDeadline,
}
