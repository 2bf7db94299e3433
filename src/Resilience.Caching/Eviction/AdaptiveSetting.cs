namespace Resilience.Caching;

/// <summary>One way to run the two queues of the adaptive policy.</summary>
/// <param name="Window">The share of the entries that the window keeps; 1: it is all there is, in the order of last use.</param>
/// <param name="AdmitsGhosts">Whether a key that was given up lately comes back into the main queue at once.</param>
internal readonly record struct AdaptiveSetting(double Window, bool AdmitsGhosts)
{
    /// <summary>The settings there are; the cache starts with the first.</summary>
    internal static readonly AdaptiveSetting[] All = [new(1, false), new(0.01, false), new(0.1, false), new(0.1, true), new(0.2, false)];

    internal bool IsRecency => Window == 1;
}
