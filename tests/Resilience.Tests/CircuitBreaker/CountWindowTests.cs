using FsCheck;
using FsCheck.Fluent;
using Resilience.Tests.Interleaving;
using static Resilience.Tests.CircuitBreaking.Outcomes;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>Count windows against a list of the last outcomes.</summary>
public sealed class CountWindowTests
{
    [Fact]
    public void WhenOutcomesArrive_TheWordHoldsTheLastOnes() => Agrees<WordWindow<Production>>("word", 63, false, size => new(size, false));

    [Fact]
    public void WhenOutcomesArriveSlowOrNot_TheWordHoldsTheLastOnes() => Agrees<WordWindow<Production>>("word with slow", 31, true, size => new(size, true));

    [Fact]
    public void WhenOutcomesArrive_TheRingHoldsTheLastOnes() => Agrees<RingWindow<Production>>("ring", 150, true, size => new(size));

    [Fact]
    public void WhenTheWindowIsFullAndClean_TheWordIsZero_AndOnlyThen()
    {
        ZeroWhenClean<WordWindow<Production>>(1, size => new(size, false));
        ZeroWhenClean<WordWindow<Production>>(63, size => new(size, false));
        ZeroWhenClean<WordWindow<Production>>(31, size => new(size, true));
        ZeroWhenClean<RingWindow<Production>>(1, size => new(size));
        ZeroWhenClean<RingWindow<Production>>(1_000, size => new(size));
        ZeroWhenClean<RingWindow<Production>>(65_536, size => new(size));
    }

    [Fact]
    public void WhenTheRingTurnsManyTimes_CellsAndCountsAgree()
    {
        var harness = new WindowHarness<RingWindow<Production>>(new RingWindow<Production>(100));
        var random = new Random(7);
        for (var i = 0; i < 100_000; i++)
        {
            harness.Record(random.Next(3) == 0, random.Next(4) == 0);
        }

        Assert.Equal(harness.Window.CountCells(), harness.Read());
    }

    private static void ZeroWhenClean<TWindow>(int size, Func<int, TWindow> make)
        where TWindow : struct, IWindow
    {
        var harness = new WindowHarness<TWindow>(make(size));
        for (var i = 0; i < size; i++)
        {
            Assert.NotEqual(0, harness.Word);
            harness.Record(failed: false);
        }

        Assert.Equal(0, harness.Word);
        harness.Record(failed: true);
        for (var i = 0; i < size; i++)
        {
            Assert.NotEqual(0, harness.Word);
            harness.Record(failed: false);
        }

        Assert.Equal(0, harness.Word);
    }

    private static void Agrees<TWindow>(string name, int most, bool slow, Func<int, TWindow> make)
        where TWindow : struct, IWindow
    {
        var property = Prop.ForAll(Gen.Choose(1, most).ToArbitrary(), ArbMap.Default.ArbFor<byte[]>(), (size, bytes) =>
        {
            var harness = new WindowHarness<TWindow>(make(size));
            var last = new Queue<(bool Failed, bool Slow)>();
            foreach (var (failed, isSlow) in Of(bytes, slow))
            {
                var tally = harness.Record(failed, isSlow);
                last.Enqueue((failed, isSlow));
                if (last.Count > size)
                {
                    last.Dequeue();
                }

                var expected = new Tally(last.Count, last.Count(o => o.Failed), last.Count(o => o.Slow));
                if (harness.Read() != expected || (tally is { } returned && returned != expected))
                {
                    return false;
                }
            }

            return true;
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(400).WithQuietOnSuccess(true), property);
        Suite.Report($"model: {name} window", "1,000 histories");
    }
}
