using Resilience.Testing;

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

    [Theory]
    [InlineData(10)]
    [InlineData(10_000_000)]
    [InlineData(CacheNode.Never)]
    public void WhateverReadingItBeginsWith_NothingLivesLongerThanItMay(long life)
    {
        var core = new CacheCore<int, int, Production>(new CoreSettings<int>(), null);
        for (var i = 0; i < 2 * CacheCore<int, int, Production>.CallsOfOneTime; i++)
        {
            Assert.True(core.NowFor(life) <= Clock.System.Coarse);
        }
    }

    [Fact]
    public void WhenALifeIsShort_ItBeginsByTheClockItself()
    {
        var core = new CacheCore<int, int, Production>(new CoreSettings<int>(), null);
        var before = Clock.System.Coarse;
        Assert.True(core.NowFor(TimeSpan.TicksPerSecond - 1) >= before);
    }

    [Fact]
    public void WhenTheTimeIsNotTheSystems_EveryLifeBeginsByItsClock()
    {
        var clock = new ManualClock();
        var core = new CacheCore<int, int, Production>(new CoreSettings<int> { Clock = Clock.For(clock) }, null);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(core.Clock.Coarse, core.NowFor(TimeSpan.TicksPerDay));
    }

    private static CacheEntry<int, int> EntryUntil(long end) => new(1, 1, 1) { FreshUntil = end };
}
