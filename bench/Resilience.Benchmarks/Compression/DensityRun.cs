using Resilience.Caching;

namespace Resilience.Benchmarks;

/// <summary>
/// Zipf(1.0) over 100,000 keys with JSON payloads of 5 to 10 KB, in a cache whose budget holds 10,000 of them raw. Half of the calls warm it
/// up; figures are of the other half. A miss sets the payload, and each call finds the background's work done, as it would where calls are
/// milliseconds apart.
/// </summary>
internal sealed class DensityRun(double coldShare)
{
    private const int Keys = 100_000;
    private const int RawPayloads = 10_000;
    private const int Calls = 400_000;
    private const int Pages = 2_000;
    private const int SampleEvery = 1_000;
    private static readonly Lazy<byte[][]> s_pages =
        new(() => [.. Enumerable.Range(0, Pages).Select(i => JsonPayload.Of(i, 5_000 + (int)(5_000L * i / Pages)))]);

    private readonly Lazy<(double Density, double Inflating, double Recompressed, string Note)> _result = new(() => Run(coldShare));

    /// <summary>How many times as many entries as raw payloads would fit.</summary>
    public double Density => _result.Value.Density;

    /// <summary>Of 100 hits, how many inflated.</summary>
    public double Inflating => _result.Value.Inflating;

    /// <summary>To 100 hits, how many payloads were compressed that had been before.</summary>
    public double Recompressed => _result.Value.Recompressed;

    public string Note => _result.Value.Note;

    private static (double Density, double Inflating, double Recompressed, string Note) Run(double coldShare)
    {
        var pages = s_pages.Value;
        var cache = new PayloadCache(new PayloadCacheOptions
        {
            MaxBytes = pages.Sum(page => (long)page.Length) * RawPayloads / Pages,
            InitialCapacity = 5 * RawPayloads,
            ColdShare = coldShare,
            Seed = 1,
        });
        var keys = Enumerable.Range(0, Keys).Select(i => $"page/{i}").ToArray();
        var sums = new double[Keys];
        for (var i = 0; i < Keys; i++)
        {
            sums[i] = (i == 0 ? 0 : sums[i - 1]) + (1.0 / (i + 1));
        }

        var room = new byte[10_000];
        var random = new Random(1);
        var before = cache.Snapshot;
        var entries = 0.0;
        for (var call = 0; call < Calls; call++)
        {
            if (call == Calls / 2)
            {
                before = cache.Snapshot;
            }

            var found = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
            var key = found < 0 ? ~found : found;
            if (!cache.TryGet(keys[key], room, out _))
            {
                cache.Set(keys[key], pages[(int)((uint)key * 2_654_435_761 % Pages)]);
            }

            Settle(cache);
            entries += call >= Calls / 2 && call % SampleEvery == 0 ? cache.Count : 0;
        }

        var after = cache.Snapshot;
        var hits = (double)(after.Hits - before.Hits);
        var made = after.Compressions - after.Recompressions - before.Compressions + before.Recompressions;
        return (
            entries / (Calls / 2 / SampleEvery) / RawPayloads,
            100 * (after.Inflated - before.Inflated) / hits,
            100 * (after.Recompressions - before.Recompressions) / hits,
            $"cold share {coldShare}; {hits / (Calls / 2):0.0%} hits; {after.Compressed:N0} of {after.Entries:N0} compressed; " +
            $"{100 * made / hits:0.0} first compressions to 100 hits");
    }

    private static void Settle(PayloadCache cache)
    {
        var wait = default(SpinWait);
        while (cache.Snapshot.Waiting > 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }
}
