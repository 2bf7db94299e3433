using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Caching.Tests;

/// <summary>One key under every schedule: what readers see while one writes inside the gate, and what writers do to one another around it.</summary>
public sealed class CacheInterleavingTests
{
    private const int Key = 7;

    [Fact]
    public void WhenAValueIsReplaced_AReaderSeesTheOldOrTheNew_NeverNone() =>
        Explorer.Exhaust(3, _ =>
        {
            var core = Make<Explored>(2);
            core.Set(Entry(core, Key, 1));
            var seen = new int[2];
            return (
                [() => core.Set(Entry(core, Key, 2)), () => seen[0] = Read(core), () => seen[1] = Read(core)],
                () => seen.All(value => value is 1 or 2) && Read(core) == 2 && core.Bounds.Held == (1, 1));
        }, bound: 3).MustHold("cache: replace beside two readers");

    [Fact]
    public void WhenTheTableMoves_AReaderMissesNothing() =>
        Explorer.Exhaust(2, _ =>
        {
            var core = Make<Explored>(64);
            for (var key = 0; key < 17; key++)
            {
                core.Set(Entry(core, key, key));
            }

            var seen = -1;
            return ([() => core.Set(Entry(core, 100, 100)), () => seen = Read(core)], () => seen == Key);
        }, bound: 2).MustHold("cache: a read while the table moves");

    [Theory]
    [InlineData(CacheEviction.Adaptive)]
    [InlineData(CacheEviction.LeastRecentlyUsed)]
    public void WhenWhatComesIsExpectedBesideSetsAndRemoves_NothingChanges(CacheEviction eviction) =>
        Explorer.Exhaust(2, _ =>
        {
            var core = Make<Explored>(2, eviction: eviction);
            core.Set(Entry(core, Key, 1));
            core.Set(Entry(core, 8, 2));
            return (
                [
                    () =>
                    {
                        core.Set(Entry(core, 9, 3));
                        core.Remove(core.Find(8)!, RemovalReason.Removed);
                        core.Set(Entry(core, 10, 4));
                    },
                    () =>
                    {
                        core.Expect(core.Hash(Key));
                        core.Expect(core.Hash(11));
                    },
                ],
                () => core.Bounds.Held == (2, 2) && core.Enumerate().Select(entry => entry.Key).Order().SequenceEqual([9, 10]));
        }, bound: 3).MustHold($"cache: expect beside evictions, {eviction}");

    [Fact]
    public void WhenAnEntryIsEvictedUnderALease_ItsBytesCountUntilItIsReturned() =>
        Explorer.Exhaust(2, _ =>
        {
            var released = 0;
            var core = Make<Explored>(1, (_, _) => released++);
            var old = Entry(core, Key, 1);
            core.Set(old);
            var within = true;
            return (
                [
                    () => core.Set(Entry(core, 8, 2)),
                    () =>
                    {
                        if (old.TryPin<Explored>())
                        {
                            within = released == 0 && core.Bounds.Bytes >= 1;
                            core.Unpin(old);
                        }
                    },
                ],
                () => within && released == 1 && core.Bounds.Held == (1, 1));
        }, bound: 4).MustHold("cache: evict beside a lease");

    [Fact]
    public void WhenSetsGetsAndRemovesOverlap_TheKeyIsARegister() =>
        Explorer.Exhaust(3, explorer =>
        {
            var core = Make<Outside>(4);
            var history = new History<int, int>(explorer);
            return (
                [
                    () => Write(1),
                    () =>
                    {
                        Delete();
                        Write(2);
                    },
                    () =>
                    {
                        history.Run(2, 0, () => Read(core));
                        history.Run(2, 0, () => Read(core));
                    },
                ],
                () => Linearizability.Check(history.Operations, 0, Register) && core.Bounds.Entries == core.Enumerate().Count());

            void Write(int value) => history.Run(value, value, () => core.Set(Entry(core, Key, value)) ? value : 0);

            void Delete() => history.Run(2, -1, () => core.Find(Key) is { } entry && core.Remove(entry, RemovalReason.Removed) ? -1 : -2);
        }, bound: 4).MustHold("cache: set, remove and get on one key");

    [Fact]
    public void WhenTwoAddTheSameKey_ThereIsOneEntry() =>
        Explorer.Exhaust(3, _ =>
        {
            var core = Make<Outside>(8);
            return (
                [() => core.Set(Entry(core, Key, 1)), () => core.Set(Entry(core, Key, 2)), () => core.Set(Entry(core, Key, 3))],
                () => core.Bounds.Held == (1, 1) && core.Enumerate().Count() == 1);
        }, bound: 4).MustHold("cache: three sets of one key");

    [Fact]
    public void WhenAnEntryExpires_OneRemovesIt_AndANewOneStays() =>
        Explorer.Exhaust(3, _ =>
        {
            var clock = new ManualClock();
            var released = 0;
            var core = Make<Outside>(4, (_, _) => released++, clock);
            var old = Entry(core, Key, 1);
            new CacheEntryOptions { TimeToLive = TimeSpan.FromSeconds(1) }.ApplyTo(old, core.Clock.Coarse);
            core.Set(old);
            clock.Advance(TimeSpan.FromSeconds(1));
            var seen = -1;
            return (
                [() => core.RemoveDead(old), () => core.Set(Entry(core, Key, 2)), () => seen = Read(core)],
                () => released == 1 && Read(core) == 2 && seen is 0 or 2 && core.Bounds.Held == (1, 1));
        }, bound: 4).MustHold("cache: expiry beside a set");

    [Fact]
    public void WhenAKeyIsAddedWithoutLookingAgain_TheSuiteCatchesIt() =>
        Explorer.Exhaust(2, _ =>
        {
            var entries = new List<int>();
            void Add(int value)
            {
                Explored.Point(1);
                var isAbsent = entries.Count == 0;
                Explored.Point(2);
                if (isAbsent)
                {
                    entries.Add(value);
                }
                else
                {
                    entries[0] = value;
                }
            }

            return ([() => Add(1), () => Add(2)], () => entries.Count == 1);
        }, bound: 2).MustFail("cache: look, then add a key");

    [Fact]
    public void WhenALeaseIsTakenWithoutLookingAgain_TheSuiteCatchesIt() =>
        Explorer.Exhaust(2, _ =>
        {
            var (pins, gone, released, within) = (0, false, 0, true);
            return (
                [
                    () =>
                    {
                        Explored.Point(1);
                        gone = true;
                        released += pins == 0 ? 1 : 0;
                    },
                    () =>
                    {
                        Explored.Point(2);
                        var isLeaving = gone;
                        Explored.Point(3);
                        if (!isLeaving)
                        {
                            pins++;
                            within = released == 0;
                        }
                    },
                ],
                () => within);
        }, bound: 2).MustFail("cache: look, then lease");

    private static CacheCore<int, int, TI> Make<TI>(
        int entries, Action<CacheEntry<int, int>, RemovalReason>? released = null, ManualClock? clock = null,
        CacheEviction eviction = CacheEviction.LeastFrequentlyUsed)
        where TI : struct, IInterleaving => new(
            new CoreSettings<int>
            {
                MaxEntries = entries,
                InitialCapacity = 0,
                Eviction = eviction,
                Clock = Clock.For(clock ?? new ManualClock()),
            },
            released);

    private static CacheEntry<int, int> Entry<TI>(CacheCore<int, int, TI> core, int key, int value)
        where TI : struct, IInterleaving => new(key, value, core.Hash(key)) { Size = 1 };

    private static int Read<TI>(CacheCore<int, int, TI> core)
        where TI : struct, IInterleaving => core.Find(Key) is { } entry && entry.IsFresh(core.Clock) ? entry.Value : 0;

    // A register whose removal writes 0: -1 removed something, -2 found nothing.
    private static (bool Legal, int Next) Register(int state, int input, int output) => input switch
    {
        > 0 => (output == input, input),
        0 => (output == state, state),
        _ => (output == (state == 0 ? -2 : -1), 0),
    };
}
