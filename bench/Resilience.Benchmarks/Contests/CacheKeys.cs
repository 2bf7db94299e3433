namespace Resilience.Benchmarks;

/// <summary>The keys of the cache rows, and the order in which they are asked for.</summary>
internal static class CacheKeys
{
    public const int Count = 10_000;

    // Coprime to the keys: each call goes to another part of the table.
    private const int Step = 7_919;

    public static long[] Numbers { get; } = [.. Enumerable.Range(0, Count).Select(static i => (long)i * 1_000_003)];

    /// <summary>Such as "customer:00004711:orders".</summary>
    public static string[] Names { get; } = [.. Enumerable.Range(0, Count).Select(static i => $"customer:{i:00000000}:orders")];

    public static int Next(int key)
    {
        key += Step;
        return key >= Count ? key - Count : key;
    }
}
