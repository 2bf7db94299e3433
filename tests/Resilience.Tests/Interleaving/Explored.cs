namespace Resilience.Tests.Interleaving;

/// <summary>The interleaving of tests: every point is a place where the explorer may let another thread run.</summary>
internal readonly struct Explored : IInterleaving
{
    public static void Point(int site) => Explorer.Yield(site);
}
