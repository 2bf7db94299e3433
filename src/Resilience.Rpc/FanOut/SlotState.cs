namespace Resilience.Rpc;

/// <summary>What became of one endpoint's part of a fan-out.</summary>
public enum SlotState : byte
{
    /// <summary>The endpoint was not asked: the decision fell before.</summary>
    NotStarted,

    /// <summary>It answered, acceptably or not.</summary>
    Answered,

    /// <summary>It failed, or its breaker or its concurrency limit refused the call.</summary>
    Failed,

    /// <summary>It was asked, and had not answered when the fan-out ended; its call was cancelled.</summary>
    Cancelled,
}
