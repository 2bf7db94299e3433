using Resilience.Testing;

namespace Resilience.Caching.Tests;

public sealed class HitWindowTests
{
    private readonly ManualClock _clock = new();
    private readonly ResilientCache<int, int> _cache;

    public HitWindowTests() => _cache = new ResilientCache<int, int>(new() { TimeProvider = _clock });

    [Fact]
    public void WhenCallsGoOn_TheWindowHoldsThoseOfTheLastMinute_AndTheHourMore()
    {
        _cache.Set(0, 0);
        for (var second = 0; second < 600; second++)
        {
            // A miss and a hit each second; in the last minute three hits to a miss.
            _cache.TryGet(1, out _);
            _cache.TryGet(0, out _);
            if (second >= 535)
            {
                _cache.TryGet(0, out _);
                _cache.TryGet(0, out _);
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var snapshot = _cache.Snapshot;
        Assert.InRange(snapshot.LastMinute.Covers.TotalSeconds, 60, 65);
        Assert.Equal(snapshot.LastMinute.Covers.TotalSeconds, snapshot.LastMinute.Misses);
        Assert.Equal(0.75, snapshot.LastMinute.HitRatio);
        Assert.Equal((TimeSpan.FromSeconds(600), 600, 730), (snapshot.LastHour.Covers, snapshot.LastHour.Misses, snapshot.LastHour.Hits));
        Assert.Equal(snapshot.HitRatio, snapshot.LastHour.HitRatio);
    }

    [Fact]
    public void WhenThereWasAPause_WhatWasBeforeItIsNotInTheWindow()
    {
        _cache.TryGet(1, out _);
        _clock.Advance(TimeSpan.FromSeconds(10));
        _cache.TryGet(1, out _);
        _clock.Advance(TimeSpan.FromHours(3));
        _cache.TryGet(1, out _);
        _clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(new CacheWindow(0, 1, TimeSpan.FromSeconds(7)), _cache.Snapshot.LastMinute);
    }

    [Fact]
    public void WhenAllCallsWereHitsAndNobodyRead_TheWindowReachesBackToTheLastTurn()
    {
        _cache.Set(0, 0);
        _clock.Advance(TimeSpan.FromSeconds(30));
        _cache.TryGet(1, out _);
        for (var i = 0; i < 200; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _cache.TryGet(0, out _);
        }

        Assert.Equal(new CacheWindow(200, 1, TimeSpan.FromSeconds(200)), _cache.Snapshot.LastMinute);
        Assert.Equal(new CacheWindow(0, 0, TimeSpan.Zero), _cache.Snapshot.LastMinute);
    }

    [Fact]
    public void WhenThereWereNoCalls_TheRatioIsUnknown() => Assert.Equal(double.NaN, _cache.Snapshot.LastMinute.HitRatio);
}
