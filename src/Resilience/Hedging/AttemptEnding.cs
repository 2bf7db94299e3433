namespace Resilience;

/// <summary>What the end of an attempt means to its race.</summary>
internal enum AttemptEnding
{
    /// <summary>Its outcome is the race's, unless another one was before.</summary>
    Wins,

    /// <summary>It failed, and another attempt may follow at once.</summary>
    AsksForAnother,

    /// <summary>It failed; others that are under way may still win.</summary>
    Fails,
}
