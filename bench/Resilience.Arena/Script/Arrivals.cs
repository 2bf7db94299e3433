namespace Resilience.Arena;

/// <summary>How calls are spread over time.</summary>
internal enum Arrivals
{
    /// <summary>At random, independent of one another, as from many users.</summary>
    Poisson,

    /// <summary>At even distances.</summary>
    Constant,
}
