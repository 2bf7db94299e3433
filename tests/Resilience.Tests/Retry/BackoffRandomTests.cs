namespace Resilience.Tests.Retry;

public sealed class BackoffRandomTests
{
    private static readonly Backoff s_backoff = Backoff.Exponential(TimeSpan.FromSeconds(1)).WithJitter(Jitter.Full);

    [Fact]
    public void WhenSeedsAreEqual_SchedulesAreEqual()
    {
        Assert.Equal(Delays(s_backoff.WithSeed(42)), Delays(s_backoff.WithSeed(42)));
        Assert.NotEqual(Delays(s_backoff.WithSeed(42)), Delays(s_backoff.WithSeed(43)));
    }

    [Fact]
    public void WhenBuiltInAnotherOrder_SchedulesAreEqual()
    {
        var seededLast = Backoff.Linear(TimeSpan.FromSeconds(1)).WithJitter(Jitter.Equal).WithCap(TimeSpan.FromSeconds(9)).WithSeed(1);
        var seededFirst = Backoff.Linear(TimeSpan.FromSeconds(1)).WithSeed(1);
        Delays(seededFirst);
        Assert.Equal(Delays(seededLast), Delays(seededFirst.WithCap(TimeSpan.FromSeconds(9)).WithJitter(Jitter.Equal)));
    }

    [Fact]
    public void WhenUnseeded_SchedulesDiffer()
    {
        Assert.NotEqual(Delays(s_backoff), Delays(s_backoff));
        var other = Array.Empty<TimeSpan>();
        var thread = new Thread(() => other = Delays(s_backoff));
        thread.Start();
        thread.Join();
        Assert.NotEqual(Delays(s_backoff), other);
    }

    [Fact]
    public void WhenThreadsShareASeed_TheyDivideItsSequenceWithoutLossOrRepeat()
    {
        const int Each = 25_000;
        const int Threads = 4;
        var shared = RandomSource.Seeded(5);
        var drawn = new double[Threads][];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(id => new Thread(() => drawn[id] = Draw(shared, Each)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(Draw(RandomSource.Seeded(5), Each * Threads).Order(), drawn.SelectMany(draws => draws).Order());
    }

    [Fact]
    public void WhenDrawn_EveryDrawIsAtLeastZeroAndBelowOne()
    {
        Assert.All(Draw(RandomSource.PerThread, 10_000), draw => Assert.True(draw is >= 0 and < 1));
        Assert.All(Draw(RandomSource.Seeded(0), 10_000), draw => Assert.True(draw is >= 0 and < 1));
    }

    // The first outputs of SplitMix64 from 1234567, as published with its reference implementation.
    [Fact]
    public void WhenSeeded_TheDrawsAreThoseOfSplitMix64()
    {
        ulong[] published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(published.Select(bits => (bits >> 11) / (double)(1UL << 53)), Draw(RandomSource.Seeded(1234567), published.Length));
    }

    [Fact]
    public void WhenDelaysAreGiven_NothingIsAllocated()
    {
        Assert.All(BackoffKinds.All(TimeSpan.FromSeconds(1)), kind =>
        {
            Backoff[] variants = kind.ToString().Contains("decorrelated", StringComparison.Ordinal)
                ? [kind, kind.WithSeed(3)]
                : [kind, kind.WithJitter(Jitter.Full), kind.WithJitter(Jitter.Equal).WithSeed(3)];
            Assert.All(variants, variant => Assert.Equal(0, AllocatedBy(variant)));
        });
    }

    private static long AllocatedBy(Backoff backoff)
    {
        Span<TimeSpan> delays = stackalloc TimeSpan[10];
        for (var i = 0; i < 200; i++)
        {
            backoff.Fill(delays);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            backoff.Fill(delays);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static double[] Draw(RandomSource source, int count)
    {
        var draws = new double[count];
        for (var i = 0; i < count; i++)
        {
            draws[i] = source.NextDouble();
        }

        return draws;
    }

    private static TimeSpan[] Delays(Backoff backoff)
    {
        var delays = new TimeSpan[20];
        backoff.Fill(delays);
        return delays;
    }
}
