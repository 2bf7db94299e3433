namespace Resilience.Arena;

/// <summary>How a call ended.</summary>
internal enum CallEnd : byte
{
    /// <summary>It has not.</summary>
    Pending,

    /// <summary>A good answer, whole.</summary>
    Succeeded,

    /// <summary>An answer with an error status, or a broken connection.</summary>
    Failed,

    /// <summary>A timeout of the client or of the library.</summary>
    TimedOut,

    /// <summary>Refused by the breaker.</summary>
    Rejected,

    /// <summary>Never begun: too many calls were in flight.</summary>
    Shed,

    /// <summary>Cancelled when the run's time was up.</summary>
    Unfinished,
}
