namespace Resilience.Caching.Tests;

/// <summary>What hits under the system's time go by: a reading that all share, or the tick count where that may matter.</summary>
public sealed class FreshnessTests
{
    [Fact]
    public void WhenItsEndHasCome_AnEntryIsNotFresh()
    {
        Assert.False(EntryUntil(Clock.System.Coarse).IsFreshBySystem());
        Assert.False(EntryUntil(1).IsFreshBySystem());
    }

    [Fact]
    public void WhenItHasNoEnd_AnEntryIsFresh() => Assert.True(EntryUntil(CacheNode.Never).IsFreshBySystem());

    [Fact]
    public void WhenItsEndIsFar_AnEntryIsFresh() => Assert.True(EntryUntil(Clock.System.Coarse + TimeSpan.TicksPerDay).IsFreshBySystem());

    [Fact]
    public void WhenItSlides_AHitPutsItsEndOff()
    {
        var end = Clock.System.Coarse + TimeSpan.TicksPerDay;
        var entry = EntryUntil(end);
        entry.Set(new CacheTerms { Sliding = 2 * TimeSpan.TicksPerDay });
        Assert.True(entry.IsFreshBySystem());
        Assert.True(entry.FreshUntil > end);
    }

    private static CacheEntry<int, int> EntryUntil(long end) => new(1, 1, 1) { FreshUntil = end };
}
