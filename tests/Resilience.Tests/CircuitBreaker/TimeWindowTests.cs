using FsCheck;
using FsCheck.Fluent;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>The time window against a list of (slice, outcome).</summary>
public sealed class TimeWindowTests
{
    private const long Slice = 1_000;

    [Fact]
    public void WhenCallsArriveOverTime_TheWindowHoldsThoseOfItsSlices()
    {
        var property = Prop.ForAll(Gen.Choose(1, 12).ToArbitrary(), ArbMap.Default.ArbFor<(byte Outcome, byte Step)[]>(), (slices, steps) =>
        {
            var now = 5 * Slice;
            var harness = Make(slices, 3, now);
            var all = new List<(long Slice, bool Failed, bool Slow)>();
            foreach (var (outcome, step) in steps)
            {
                now += step < 128 ? step : step < 240 ? (step - 128) * 10 : (step - 240) * Slice;
                var (failed, slow) = (outcome % 3 == 0, (outcome >> 3) % 4 == 0);
                all.Add((now / Slice, failed, slow));
                var held = all.Where(call => call.Slice > (now / Slice) - slices).ToList();
                var expected = new Tally(held.Count, held.Count(call => call.Failed), held.Count(call => call.Slow));
                var tally = harness.Record(failed, slow, now);

                // A success is judged while it may bring the calls to the least that count.
                if (harness.Read(now) != expected || (tally is { } judged && judged != expected) || (tally is null && (failed || slow)))
                {
                    return false;
                }
            }

            return true;
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(300).WithQuietOnSuccess(true), property);
        Suite.Report("model: time window", "1,000 histories");
    }

    [Fact]
    public void WhenSlicesGiveCredit_ItNeverOpensLaterThanByEveryCall_AndCountsAllSinceTheFirstFailure()
    {
        var credited = 0L;
        var property = Prop.ForAll(
            Gen.Choose(1, 6).ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), ArbMap.Default.ArbFor<(byte Outcome, byte Step)[]>(), (slices, credit, steps) =>
        {
            const int Least = 3;
            var now = 5 * Slice;
            var harness = Make(slices, Least, now, credit);
            var all = new List<(long Slice, bool Failed)>();
            foreach (var (outcome, step) in steps)
            {
                now += step < 200 ? step : (step - 200) * 50;
                all.Add((now / Slice, outcome % 23 == 0));
                var held = all.Where(call => call.Slice > (now / Slice) - slices).ToList();
                var exact = new Tally(held.Count, held.Count(call => call.Failed), 0);
                var sinceFailure = held.SkipWhile(call => !call.Failed).Count();
                var tally = harness.Record(outcome % 23 == 0, slow: false, now);
                var read = harness.Read(now);
                credited += exact.Calls - read.Calls;

                // Failures are exact, and so are calls from the first of them on; what is left out leaves enough for a ratio.
                if (read.Failures != exact.Failures || read.Calls > exact.Calls || read.Calls < sinceFailure
                    || (read.Calls < exact.Calls && read.Calls < Math.Max(credit, Least)) || (tally is { } judged && judged != read))
                {
                    return false;
                }
            }

            return true;
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(300).WithQuietOnSuccess(true), property);
        Assert.True(credited > 0, "no history came to its credit");
        Suite.Report("model: time window with slice credit", $"1,000 histories, {credited:N0} calls credited");
    }

    [Fact]
    public void WhenASliceHasItsCredit_SuccessesAreNotCounted_UntilItEndsOrACallFails()
    {
        var harness = Make(2, 1, 0, credit: 4);
        Count(4, at: 1);
        Assert.Equal(-Slice, harness.Word);
        Count(10, at: Slice - 1);
        Assert.Equal(4, harness.Read(Slice - 1).Calls);
        Count(1, at: Slice);
        Assert.Equal(5, harness.Read(Slice).Calls);
        harness.Record(failed: true, slow: false, Slice);
        Count(10, at: Slice + 1);
        Assert.Equal(new Tally(16, 1, 0), harness.Read(Slice + 1));
        Assert.Equal(0, harness.Word);

        void Count(int calls, long at)
        {
            for (var i = 0; i < calls; i++)
            {
                harness.Record(failed: false, slow: false, at);
            }
        }
    }

    [Fact]
    public void WhenIdleLongerThanTheWindow_ItIsEmpty_AndSaysWhatItCovers()
    {
        var harness = Make(10, 3, Slice);
        harness.Record(failed: true, slow: false, Slice);
        Assert.Equal(new Tally(0, 0, 0), harness.Window.Read(ref harness.Word, 100 * Slice, out var covered));
        Assert.Equal(10 * Slice, covered);
    }

    [Fact]
    public void WhenASuccessBringsTheCallsToTheLeast_ItIsJudged()
    {
        var harness = Make(10, 3, 0);
        harness.Record(failed: true);
        Assert.Equal(new Tally(2, 1, 0), harness.Record(failed: false));
        Assert.Equal(new Tally(3, 1, 0), harness.Record(failed: false));
        Assert.Null(harness.Record(failed: false));
    }

    [Fact]
    public void WhenOldSuccessesLeave_TheNextReportIsJudged()
    {
        var harness = Make(2, 1, 0);
        harness.Record(failed: false, slow: false, 0);
        harness.Record(failed: true, slow: false, Slice);
        Assert.Equal(new Tally(2, 1, 0), harness.Record(failed: false, slow: false, 2 * Slice));
    }

    [Fact]
    public void WhenMoreThreadsReportThanTheCounterHasLines_NoneIsLost()
    {
        var counter = new StripedCounter<Production>(owned: 1);
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Increment(3);
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(80_000, counter.Sum(3));
        Assert.Equal(0, counter.Sum(2));
    }

    private static WindowHarness<TimeWindow<Production>> Make(int slices, long least, long now, int? credit = null) =>
        new(new TimeWindow<Production>(TimeSpan.FromTicks(slices * Slice), slices, credit, least, now, new StripedCounter<Production>(), onTick: false));
}
