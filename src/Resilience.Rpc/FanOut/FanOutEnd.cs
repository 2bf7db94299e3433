namespace Resilience.Rpc;

/// <summary>Why a fan-out ended when it did.</summary>
public enum FanOutEnd : byte
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>The answers decided it.</summary>
    Decided,

    /// <summary>No answer that could still come would have decided it.</summary>
    Impossible,

    /// <summary>The deadline.</summary>
    Deadline,
}
