using FsCheck;
using FsCheck.Fluent;
using Resilience.Testing;

namespace Resilience.Tests.Retry;

/// <summary>
/// What a leaky bucket promises, asked of traces that now and then want every retry they can get, whatever its arithmetic: no stretch of a
/// trace has more than its share, and none has less than its minimum.
/// </summary>
public sealed class RetryBudgetLeakyBoundTests
{
    private const int Minimum = 2;
    private const double Ttl = 10;
    private const double Ratio = 0.2;

    private static readonly Config s_config =
        Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true).WithName("leaky bucket bounds");

    [Fact]
    public void WhenDemandComesInBursts_TheShareBoundsIt_AndTheMinimumHolds() =>
        Run(clock => new LeakyBucketBudget(new() { MinimumPerSecond = Minimum }, clock), s_config);

    [Theory]
    [InlineData(BudgetBug.NeverLeaks)]
    [InlineData(BudgetBug.IgnoresMinimum)]
    [InlineData(BudgetBug.LosesTheRefillOfARefusal)]
    public void WhenTheBucketHasABug_ThePromiseIsSeenBroken(BudgetBug bug) =>
        Assert.ThrowsAny<Exception>(() => Run(clock => new BuggyLeaky(bug, clock), s_config.WithReplay(1, 3)));

    private static void Run(Func<TimeProvider, RetryBudget> make, Config config) => Check.One(
        config,
        Prop.ForAll(Traces().ToArbitrary(), trace => Trace(make, trace) is var seen && IsBounded(seen) && HasMinimum(seen)));

    private static Gen<(int Wait, int Calls, bool Wanted)[]> Traces() =>
        (from wait in Gen.Frequency((5, Gen.Choose(0, 300)), (1, Gen.Choose(300, 12_000)))
         from calls in Gen.Frequency((2, Gen.Constant(0)), (3, Gen.Choose(0, 50)))
         from wanted in Gen.Elements(true, false)
         select (wait, calls, wanted)).ArrayOf(60);

    private static List<Step> Trace(Func<TimeProvider, RetryBudget> make, (int Wait, int Calls, bool Wanted)[] steps)
    {
        var clock = new ManualClock();
        var budget = make(clock);
        var seen = new List<Step>();
        var now = 0L;
        foreach (var (wait, calls, wanted) in steps)
        {
            clock.Advance(TimeSpan.FromMilliseconds(wait));
            now += wait;
            for (var i = 0; i < calls; i++)
            {
                budget.OnStart();
            }

            var taken = 0;
            var debt = default(RetryDebt);
            while (wanted && budget.TryWithdraw(afterTimeout: false, ref debt))
            {
                taken++;
            }

            seen.Add(new(now / 1_000.0, calls, wanted, taken));
        }

        return seen;
    }

    private static bool IsBounded(List<Step> seen)
    {
        for (var from = 0; from < seen.Count; from++)
        {
            var start = seen[from].At;
            var credit = seen.Take(from).Sum(step => step.Calls * Ratio * Math.Exp((step.At - start) / Ttl));
            var taken = 0.0;
            for (var to = from; to < seen.Count; to++)
            {
                credit += seen[to].Calls * Ratio;
                taken += seen[to].Taken;
                if (taken > credit + (Minimum * (seen[to].At - start + Ttl)) + 1e-6)
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Where retries were wanted, all on offer were taken: less than one of the minimum may be left.
    private static bool HasMinimum(List<Step> seen)
    {
        var (owed, before) = (Minimum * Ttl, 0.0);
        foreach (var (at, _, wanted, taken) in seen)
        {
            owed = Math.Max(0, Math.Min(Minimum * Ttl, owed + (Minimum * (at - before))) - taken);
            before = at;
            if (wanted && owed >= 1)
            {
                return false;
            }
        }

        return true;
    }

    private readonly record struct Step(double At, int Calls, bool Wanted, int Taken);
}
