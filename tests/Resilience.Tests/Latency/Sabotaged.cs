using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Latency;

/// <summary>
/// The interleaving of seeded bugs: explored like any other, and before an access it may spoil the shared state as a wrong implementation of
/// that very step would leave it. So the bug runs in the product's own code.
/// </summary>
internal readonly struct Sabotaged : IInterleaving
{
    [ThreadStatic]
    private static Action<int>? s_spoil;

    /// <summary>A body during which <paramref name="spoil"/> runs at every point of its thread.</summary>
    public static Action Body(Action<int>? spoil, Action body) => () =>
    {
        s_spoil = spoil;
        try
        {
            body();
        }
        finally
        {
            s_spoil = null;
        }
    };

    public static void Point(int site)
    {
        Explorer.Yield(site);
        s_spoil?.Invoke(site);
    }
}
