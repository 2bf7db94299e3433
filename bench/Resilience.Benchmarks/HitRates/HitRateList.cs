namespace Resilience.Benchmarks;

/// <summary>Which traces are played at which sizes, and what is owed.</summary>
internal static class HitRateList
{
    private const int Seeds = 5;
    private const int LeastEntries = 50;
    private const long Mebibyte = 1 << 20;

    private static readonly Dictionary<string, (long Size, double Owed)[]> s_owed = new()
    {
        ["oltp"] = [(560, 35.2), (1868, 46.1), (5606, 56.6)],
        ["multi3"] = [(1000, 47)],
        ["web12"] = [(1200, 70.3)],
        ["loop"] = [(512, 49)],
        ["corda-vaultservice"] = [(1024, 33.2)],
        [Joined] = [(512, 43.5)],
        ["adaptsize-request"] = [(16 * Mebibyte, 35.0)],
    };

    private const string Joined = "corda, loop, corda";

    /// <summary>The traces of a folder, and one that joins two of them if both are there.</summary>
    public static IEnumerable<Trace> Traces(string folder)
    {
        var traces = Directory.GetFiles(folder).Order(StringComparer.Ordinal)
            .Where(path => !path.EndsWith(".md", StringComparison.OrdinalIgnoreCase)).Select(TraceReader.Read).ToList();
        var corda = traces.Find(trace => trace.Name == "corda-vaultservice");
        var loop = traces.Find(trace => trace.Name == "loop");
        if (corda is not null && loop is not null)
        {
            traces.Add(new Trace(Joined, [.. corda.Requests, .. loop.Requests, .. corda.Requests], HasSizes: false));
        }

        return traces;
    }

    /// <summary>The sizes asked for, or those owed with shares of the unique keys, or of all bytes, around them.</summary>
    public static IEnumerable<long> Sizes(Trace trace, IReadOnlyList<long> asked)
    {
        if (asked.Count > 0)
        {
            return asked;
        }

        var all = trace.HasSizes ? trace.Requests.DistinctBy(request => request.Key).Sum(request => request.Size) : trace.Unique;
        var least = trace.HasSizes ? Mebibyte : LeastEntries;
        return new[] { 0.01, 0.05, 0.1, 0.25 }.Select(share => Math.Max(least, (long)(all * share)))
            .Concat(s_owed.GetValueOrDefault(trace.Name, []).Select(owed => owed.Size)).Distinct().Order();
    }

    /// <summary>Plays a trace under every policy.</summary>
    public static HitRates Play(Trace trace, long size) => new(trace.Name, size, trace.HasSizes)
    {
        Recency = HitRun.Play(trace, size, Caching.CacheEviction.LeastRecentlyUsed, 0),
        Frequency = HitRun.Play(trace, size, Caching.CacheEviction.LeastFrequentlyUsed, 0),
        Adaptive = [.. Enumerable.Range(1, Seeds).Select(seed => HitRun.Play(trace, size, Caching.CacheEviction.Adaptive, (uint)seed)).Order()],
        Density = trace.HasSizes ? HitRun.Play(trace, size, Caching.CacheEviction.Density, 0) : null,
        Optimal = Optimum.Of(trace, size),
        Owed = s_owed.GetValueOrDefault(trace.Name, []).FirstOrDefault(owed => owed.Size == size) is { Owed: > 0 } found ? found.Owed : null,
    };
}
