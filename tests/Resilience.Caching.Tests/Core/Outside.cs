using Resilience.Tests.Interleaving;

namespace Resilience.Caching.Tests;

/// <summary>
/// The interleaving for several writers: it switches outside the gate only, whose other takers would block the one thread that may run.
/// </summary>
internal readonly struct Outside : IInterleaving
{
    public static void Point(int site)
    {
        if (site is 1 or 2 or 3 or (>= 20 and < 40))
        {
            Explorer.Yield(site);
        }
    }
}
