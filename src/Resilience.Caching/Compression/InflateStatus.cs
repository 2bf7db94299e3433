namespace Resilience.Caching;

/// <summary>What inflating came to.</summary>
internal enum InflateStatus
{
    /// <summary>The stream ended as it should.</summary>
    Done,

    /// <summary>The source ended before the stream did.</summary>
    Truncated,

    /// <summary>The stream would write more than the destination holds.</summary>
    TooLong,

    /// <summary>The stream breaks the format.</summary>
    Invalid,
}
