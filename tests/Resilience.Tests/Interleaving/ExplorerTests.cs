namespace Resilience.Tests.Interleaving;

/// <summary>The explorer and the checker themselves: they find what is wrong, pass what is right and replay by key.</summary>
public sealed class ExplorerTests
{
    [Fact]
    public void WhenTakeIsNotAtomic_SomeScheduleHandsOutTwo()
    {
        var found = Explorer.Exhaust(2, explorer => Taking(explorer, 2, 1, atomic: false), bound: 2).MustFail("explorer: read then write");
        var replayed = Explorer.Replay(2, explorer => Taking(explorer, 2, 1, atomic: false), bound: 2, found.Failure!);
        Assert.Equal(found.Failure, replayed.Failure);
    }

    [Theory]
    [InlineData(2, 2, 3)]
    [InlineData(3, 2, 3)]
    public void WhenTakeIsAtomic_EveryScheduleIsLinearizable(int threads, int operations, int bound) =>
        Explorer.Exhaust(threads, explorer => Taking(explorer, threads, operations, atomic: true), bound)
            .MustHold($"explorer: compare-exchange, {threads} threads");

    [Fact]
    public void WhenSchedulesAreSampled_TheBugIsFoundToo() =>
        Explorer.Sample(3, explorer => Taking(explorer, 3, 2, atomic: false), seed: 1, most: 10_000).MustFail("explorer: sampled");

    [Fact]
    public void WhenABodyThrows_TheScheduleFailsWithItsError()
    {
        var seen = Explorer.Exhaust(1, _ => ([() => throw new FormatException()], () => true), bound: 0);
        Assert.IsType<FormatException>(seen.Error);
    }

    [Fact]
    public void WhenAThreadWaitsForEver_TheScheduleFails()
    {
        static void Spin()
        {
            while (true)
            {
                Explored.Point(1);
            }
        }

        Assert.IsType<InvalidOperationException>(Explorer.Exhaust(1, _ => ([Spin], () => true), bound: 0).Error);
    }

    [Fact]
    public void WhenOperationsOverlap_EitherOrderIsLegal_AndWhenTheyDoNot_OnlyTheRealOne()
    {
        Recorded<int, int> write = new(0, 7, 0, 1, 4), overlapping = new(1, -1, 0, 2, 3), later = new(1, -1, 0, 5, 6);
        Assert.True(Linearizability.Check([write, overlapping], 0, Register));
        Assert.False(Linearizability.Check([write, later], 0, Register));
        Assert.True(Linearizability.Check([write, later with { Out = 7 }], 0, Register));
    }

    [Fact]
    public void WhenALongHistoryIsCorruptedInOnePlace_OnlyThenItIsRefused()
    {
        var random = new Random(1);
        var values = new int[16];
        var history = new List<Recorded<(int Key, int Value), int>>();
        for (var i = 1; i <= 5_000; i++)
        {
            var key = random.Next(16);
            var write = random.Next(3) == 0;
            values[key] = write ? i : values[key];
            history.Add(new(i % 4, (key, write ? i : -1), values[key], (6 * i) + random.Next(4), (6 * i) + 8 + random.Next(6)));
        }

        Assert.True(Linearizability.CheckByKey(history, input => input.Key, 0, ByKey));
        history[2_007] = history[2_007] with { In = (history[2_007].In.Key, -1), Out = -5 };
        Assert.False(Linearizability.CheckByKey(history, input => input.Key, 0, ByKey));

        static (bool, int) ByKey(int state, (int Key, int Value) input, int output) => Register(state, input.Value, output);
    }

    private static (bool Legal, int Next) Register(int state, int input, int output) => input < 0 ? (state == output, state) : (true, input);

    private static (Action[] Bodies, Func<bool> Check) Taking(Explorer explorer, int threads, int operations, bool atomic)
    {
        var left = 2;
        var history = new History<int, bool>(explorer);
        bool Take()
        {
            while (true)
            {
                Explored.Point(1);
                var seen = left;
                if (seen <= 0)
                {
                    return false;
                }

                Explored.Point(2);
                if (!atomic || left == seen)
                {
                    left = seen - 1;
                    return true;
                }
            }
        }

        var bodies = Enumerable.Range(0, threads).Select(client => (Action)(() =>
        {
            for (var i = 0; i < operations + (atomic ? 0 : 1); i++)
            {
                history.Run(client, 0, Take);
            }
        })).ToArray();
        return (bodies, () => Linearizability.Check(history.Operations, 2, (state, _, got) => got ? (state > 0, state - 1) : (state == 0, state)));
    }
}
