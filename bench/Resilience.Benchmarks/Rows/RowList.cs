namespace Resilience.Benchmarks;

/// <summary>Every row, in the order of the table. A family of rows is added here.</summary>
internal static class RowList
{
    public static IReadOnlyList<Row> All { get; } =
    [
        .. PipelineRows.All,
        .. BreakerRows.All,
        .. RetryRows.All,
        .. FallbackRows.All,
        .. TimeoutRows.All,
        .. LatencyRows.All,
        .. HedgingRows.All,
        .. FanOutRows.All,
        .. CacheRows.All,
        .. RpcRows.All,

        // Last: after them, in the heap that they leave, rows of cache hits were measured up to twice as slow.
        .. PayloadRows.All,
    ];

    /// <summary>The rows asked for, in the order of the table; those that a word names in full, or else those that begin with it.</summary>
    /// <param name="words">Names or prefixes; none for all rows.</param>
    /// <exception cref="ArgumentException">A word names no row.</exception>
    public static IReadOnlyList<Row> Find(IReadOnlyCollection<string> words)
    {
        if (words.Count == 0)
        {
            return All;
        }

        var found = words.SelectMany(Matching).ToHashSet();
        return [.. All.Where(found.Contains)];
    }

    private static IEnumerable<Row> Matching(string word)
    {
        if (All.FirstOrDefault(row => row.Name == word) is { } row)
        {
            return [row];
        }

        var starting = All.Where(row => row.Name.StartsWith(word, StringComparison.Ordinal)).ToArray();
        return starting.Length > 0
            ? starting
            : throw new ArgumentException($"No row is named '{word}' or begins with it. The rows are:{Names}");
    }

    private static string Names => string.Concat(All.Select(row => $"\n  {row.Name}"));
}
