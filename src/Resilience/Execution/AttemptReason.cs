namespace Resilience;

/// <summary>Why an attempt is made: how the one before it ended.</summary>
public enum AttemptReason : byte
{
    /// <summary>It is the first.</summary>
    First,

    /// <summary>The one before returned a result that asked for another.</summary>
    Result,

    /// <summary>The one before failed with an exception.</summary>
    Exception,

    /// <summary>The one before ran out of time.</summary>
    Timeout,

    /// <summary>The one before was refused by a strategy.</summary>
    Rejection,

    /// <summary>A hedging strategy started it beside another one, or after one that it had started.</summary>
    Hedge,
}
