using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Latency;

/// <summary>Real threads against a clock that they drive: records are conserved, and no reading holds what is not in its interval.</summary>
public sealed class SlidingCountsStressTests
{
    private const int Writers = 4;
    private const int Slices = 12;
    private const long Slice = 1_000_000;

    // More slices than the longest run has.
    private const int Kept = 1 << 19;

    private static readonly double[] s_quantiles = [0, 0.5, 0.9, 0.99, 1];
    private readonly BentClock _clock = new();
    private readonly long[][] _books = [.. Enumerable.Range(0, Writers).Select(_ => new long[Kept])];
    private long _readings;
    private long _records;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void WhenFourThreadsRecordWhileSlicesTurn_NoRecordIsLostOrCountedTwice(int owned)
    {
        var each = 2_500_000L * Soak.Factor;
        var window = new SlidingCounts<Production>(Clock.For(_clock), Slice, Slices, Buckets.Length, owned);
        Together.Run(Writers + 1, thread =>
        {
            if (thread == Writers)
            {
                Watch(window, Writers * each);
                return;
            }

            Write(window, thread, each, lane: thread < owned ? thread : Lanes.None);
        });

        // The same random buckets again, counted by one thread.
        var expected = new uint[Buckets.Length];
        for (var thread = 0; thread < Writers; thread++)
        {
            var random = Seed(thread);
            for (var i = 0L; i < each; i++)
            {
                expected[Next(ref random)]++;
            }
        }

        var live = new uint[Buckets.Length];
        foreach (var stripe in window.Stripes.Live)
        {
            for (var i = 0; i < live.Length; i++)
            {
                live[i] += stripe[i];
            }
        }

        Assert.Equal(expected, live);

        // Every snapshot's total is the sum of all slices before: one more turn, and it is everything.
        _clock.Now += Slice;
        window.Record(Lanes.None, 0, _clock.Now);
        Assert.Equal((ulong)(Writers * each), window.Ring.Total);
        Suite.Report(
            $"conservation: {owned} owned stripes",
            $"{Writers * each:N0} records from {Writers} threads, {_clock.Now / Slice:N0} turns, {_readings:N0} readings checked");
    }

    private void Write(SlidingCounts<Production> window, int thread, long each, int lane)
    {
        var random = Seed(thread);
        var book = _books[thread];
        for (var i = 0L; i < each; i++)
        {
            if (i % 64 == 0)
            {
                _clock.Pass(Slice / 40);
                Interlocked.Add(ref _records, 64);
            }

            // Noted before it is recorded, under the slice that the clock shows or a later one that it lands in.
            var now = _clock.Now;
            ref var note = ref book[now / Slice];
            Volatile.Write(ref note, note + 1);
            window.Record(lane, Next(ref random), now);
        }
    }

    private void Watch(SlidingCounts<Production> window, long all)
    {
        var (counts, sums) = (new uint[Buckets.Length], new ulong[Buckets.Blocks]);
        var (blocks, few, found) = (new uint[Buckets.Blocks * CountBlock.WithRows], new uint[Buckets.Blocks], new long[s_quantiles.Length]);
        while (Interlocked.Read(ref _records) < all)
        {
            var whole = new WholeCounts<Production>(counts, sums);
            var asked = new FewQuantiles<Production>(s_quantiles, found, blocks, few);
            var coverage = _readings % 2 == 0 ? window.Read(Slices * Slice, ref whole) : window.Read(Slices * Slice, ref asked);
            var count = _readings % 2 == 0 ? new Distribution(counts, sums).Count : asked.Count;
            Assert.Equal(found.Order(), found);
            var end = _clock.Now / Slice;
            var noted = 0L;
            for (var slice = coverage.From / Slice; slice <= end; slice++)
            {
                foreach (var book in _books)
                {
                    noted += Volatile.Read(ref book[slice]);
                }
            }

            // A record on its way across the boundary is noted on the one side and counted on the other: one a thread at most.
            _readings++;
            Assert.True(count <= noted + Writers, $"{count} records read, {noted} noted in {coverage}");
        }
    }

    private static uint Seed(int thread) => (uint)(thread + 1) * 2_654_435_761;

    private static int Next(ref uint random)
    {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return (int)(random % (Buckets.Count + 1));
    }
}
