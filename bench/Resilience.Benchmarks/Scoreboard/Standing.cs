namespace Resilience.Benchmarks;

/// <summary>How a row stands to what it owes.</summary>
internal enum Standing
{
    /// <summary>It owes nothing.</summary>
    Shown,

    /// <summary>Every bound is met.</summary>
    Pass,

    /// <summary>A bound is missed.</summary>
    Miss,

    /// <summary>The machine was too busy to tell.</summary>
    Void,
}
