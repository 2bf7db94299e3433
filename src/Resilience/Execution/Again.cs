namespace Resilience;

/// <summary>Whether another attempt makes sense after an outcome.</summary>
public enum Again : byte
{
    /// <summary>Another attempt is pointless or unsafe.</summary>
    No,

    /// <summary>Another attempt may succeed; the retry chooses the wait.</summary>
    Yes,

    /// <summary>Another attempt may succeed, but not before <see cref="Verdict.RetryAfter"/> has passed.</summary>
    After,
}
