namespace Resilience;

/// <summary>Why a retry let an outcome go on that asked for another attempt.</summary>
public enum GiveUpReason : byte
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>As many retries as the options allow were made.</summary>
    RetriesSpent,

    /// <summary>The <see cref="RetryBudget"/> refused.</summary>
    BudgetSpent,

    /// <summary>The wait, and the attempt's usual time if it is known, would reach beyond the deadline.</summary>
    NoTimeLeft,

    /// <summary>The outcome asked for a longer wait than the options allow.</summary>
    RetryAfterTooLong,

    /// <summary>A strategy further in refused, and refusals are not tried again unless the options say so.</summary>
    Rejected,

    /// <summary>The caller has cancelled.</summary>
    Cancelled,

    /// <summary>The hook forbade another attempt.</summary>
    Forbidden,
}
