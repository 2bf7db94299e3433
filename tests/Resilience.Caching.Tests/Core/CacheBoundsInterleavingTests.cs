using Resilience.Tests.Interleaving;

namespace Resilience.Caching.Tests;

/// <summary>The word of bounds under every schedule, and one that looks before it adds, which the suite must catch.</summary>
public sealed class CacheBoundsInterleavingTests
{
    [Fact]
    public void WhenThreeReserve_NeitherBoundIsPassed_AndWhatIsReleasedIsFree() =>
        Explorer.Exhaust(3, _ =>
        {
            var bounds = new CacheBounds<Explored>(2, 25);
            var most = (Entries: 0, Bytes: 0L);
            void Hold()
            {
                if (bounds.TryReserve(1, 10))
                {
                    most = (Math.Max(most.Entries, bounds.Entries), Math.Max(most.Bytes, bounds.Bytes));
                    bounds.Release(1, 10);
                }
            }

            return ([Hold, Hold, Hold], () => most is { Entries: >= 1 and <= 2, Bytes: >= 10 and <= 20 } && bounds.Held == (0, 0));
        }, bound: 4).MustHold("bounds: three reserve and release");

    [Fact]
    public void WhenRoomIsHandedOver_BesideALeaseThatReturnsBytes_BothAreCounted() =>
        Explorer.Exhaust(2, _ =>
        {
            var bounds = new CacheBounds<Explored>(1, 25);
            bounds.TryReserve(1, 20);
            var was = false;
            return ([() => was = bounds.TryHandOver(10, 1, 15), () => bounds.Release(0, 5)], () => was && bounds.Held == (1, 20));
        }, bound: 4).MustHold("bounds: hand over beside a release");

    [Fact]
    public void WhenWhatComesIsMoreThanWhatLeaves_RoomIsHandedOverUpToTheLimit()
    {
        var bounds = new CacheBounds<Production>(1, 25);
        Assert.True(bounds.TryReserve(1, 20));
        Assert.False(bounds.TryHandOver(10, 1, 16));
        Assert.Equal((1, 20L), bounds.Held);
        Assert.True(bounds.TryHandOver(10, 1, 15));
        Assert.Equal((1, 25L), bounds.Held);
        bounds.MaxEntries = 0;
        Assert.False(bounds.TryHandOver(10, 1, 10));
        Assert.True(bounds.TryHandOver(10, 0, 0));
        Assert.Equal((0, 15L), bounds.Held);
    }

    [Fact]
    public void WhenEntriesShrinkAndGrow_BytesNeverRunIntoEntries()
    {
        var bounds = new CacheBounds<Production>(CacheBounds<Production>.MostEntries, CacheBounds<Production>.MostBytes);
        Assert.True(bounds.TryReserve(1, CacheBounds<Production>.MostBytes));
        Assert.False(bounds.TryReserve(0, 1));
        Assert.True(bounds.TryReserve(1, 0));
        Assert.True(bounds.TryReserve(0, -CacheBounds<Production>.MostBytes));
        Assert.Equal((2, 0L), bounds.Held);
        bounds.Release(2, 0);
        Assert.Equal((0, 0L), bounds.Held);
    }

    [Fact]
    public void WhenABoundIsLookedAtBeforeAdding_TheSuiteCatchesIt() =>
        Explorer.Exhaust(2, _ =>
        {
            var held = 0;
            void Reserve()
            {
                Explored.Point(1);
                if (held < 1)
                {
                    Explored.Point(2);
                    held++;
                }
            }

            return ([Reserve, Reserve], () => held == 1);
        }, bound: 2).MustFail("bounds: look, then add");
}
