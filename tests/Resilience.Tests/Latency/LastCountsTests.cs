using FsCheck;
using FsCheck.Fluent;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Latency;

/// <summary>The window of records: alone against the end of a list, together under every schedule.</summary>
public sealed class LastCountsTests
{
    [Fact]
    public void WhenOneThreadRecords_TheCountsAreThoseOfTheEndOfTheList() => Check.One(
        Samples.Config("last"), Prop.ForAll(Samples.Lists, Gen.Choose(1, 50).ToArbitrary(), (list, length) =>
        {
            var last = new LastCounts<Production>(length);
            Array.ForEach(list, value => last.Record(Buckets.IndexOf(value)));
            var (counts, sums) = (new uint[Buckets.Length], new ulong[Buckets.Blocks]);
            last.Read(counts, sums);
            var end = LatencyHistogramTests.Fill(list.TakeLast(length));
            return end.Counts.SequenceEqual(counts) && new Distribution(counts, sums).Count == end.Count;
        }));

    [Fact]
    public void WhenThreadsRecordTogether_TheCountsAreNeverLessThanTheRing_AndInTheEndTheSame() =>
        Explorer.Exhaust(3, _ => Recording<Explored>(null), bound: 3).MustHold("last: three threads, two places");

    [Fact]
    public void SeededBug_WhenThePlaceIsReadAndThenWritten_ItIsCaught() => Explorer.Exhaust(
        3,
        _ => Recording<Sabotaged>((last, _) => site =>
        {
            if (site != LastCounts<Sabotaged>.Exchange)
            {
                return;
            }

            var seen = (ushort[])last.Ring.Clone();
            Explorer.Yield(site);
            seen.CopyTo(last.Ring, 0);
        }),
        bound: 3).MustFail("seeded: exchange not atomic");

    [Fact]
    public void SeededBug_WhenTheNewRecordIsCountedLast_ItIsCaught() => Explorer.Exhaust(
        3,
        _ => Recording<Sabotaged>((last, mine) => site =>
        {
            // Takes back what was counted too early, and counts it where the wrong order would.
            if (site == LastCounts<Sabotaged>.TakePlace)
            {
                last.Counts[mine]--;
            }
            else if (site == LastCounts<Sabotaged>.DiscountOld)
            {
                last.Counts[mine]++;
            }
        }),
        bound: 3).MustFail("seeded: counted after the exchange");

    [Fact]
    public void WhenFourThreadsRecordAMillionEach_TheCountsAreTheRing()
    {
        var last = new LastCounts<Production>(1_000);
        Together.Run(4, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 1_000_000; i++)
            {
                last.Record(random.Next(Buckets.Count));
            }
        });
        Assert.True(SameAsRing(last));
        Assert.Equal(1_000, last.Counts.Sum(count => count));
    }

    private static (Action[] Bodies, Func<bool> Check) Recording<TI>(Func<LastCounts<TI>, int, Action<int>>? bug)
        where TI : struct, IInterleaving
    {
        var last = new LastCounts<TI>(2);
        last.Record(0);
        last.Record(0);
        var whole = true;
        void Record(int index)
        {
            last.Record(index);
            for (var i = 0; i < 4; i++)
            {
                whole &= (int)last.Counts[i] >= last.Ring.Count(entry => entry == i + 1);
            }
        }

        Action[] bodies =
        [
            () =>
            {
                Record(1);
                Record(1);
            },
            () =>
            {
                Record(2);
                Record(2);
            },
            () => Record(3),
        ];
        return ([.. bodies.Select((body, i) => bug is null ? body : Sabotaged.Body(bug(last, i + 1), body))], () => whole && SameAsRing(last));
    }

    private static bool SameAsRing<TI>(LastCounts<TI> last)
        where TI : struct, IInterleaving
    {
        var expected = new uint[Buckets.Length];
        foreach (var entry in last.Ring.Where(entry => entry != 0))
        {
            expected[entry - 1]++;
        }

        return expected.AsSpan().SequenceEqual(last.Counts);
    }
}
