namespace Resilience;

/// <summary>How many idle objects a pool keeps: enough for a few hundred calls in flight, and bounded whatever the load was.</summary>
internal static class PoolLimits
{
    internal const int Retained = 256;
}
