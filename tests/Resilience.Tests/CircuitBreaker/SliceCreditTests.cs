using FsCheck;
using FsCheck.Fluent;
using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>What credit for good calls changes in a whole breaker, and what it never does.</summary>
public sealed class SliceCreditTests
{
    private const int Credit = 4;
    private static readonly CircuitBreakerOptions s_exact = new()
    {
        FailureRatio = 0.3,
        MinimumCalls = 3,
        Window = CircuitWindow.Time(TimeSpan.FromMilliseconds(400), slices: 4, sliceCredit: null),
    };

    private static readonly CircuitBreakerOptions s_credited = s_exact with { Window = CircuitWindow.Time(TimeSpan.FromMilliseconds(400), 4, Credit) };

    [Theory]
    [InlineData(null)]
    [InlineData(0.9)]
    public void WhenCallsFailInAnyOrder_ItNeverOpensLaterThanByEveryCall_NorBelowTheLimitSinceTheFirstFailure(double? confidence)
    {
        var sooner = 0;
        var property = Prop.ForAll(ArbMap.Default.ArbFor<(byte Outcome, byte Step)[]>(), steps =>
        {
            var clock = new ManualClock();
            var exact = new CircuitBreaker(s_exact with { Confidence = confidence, ConfidenceFloor = 3 }, clock);
            var credited = new CircuitBreaker(s_credited with { Confidence = confidence, ConfidenceFloor = 3 }, clock);
            var calls = new List<(long Slice, bool Failed)>();
            foreach (var (outcome, step) in steps)
            {
                clock.Advance(TimeSpan.FromMilliseconds(step % 16 == 0 ? step : 1));
                var failed = outcome % 11 == 0;
                Say(exact, failed);
                Say(credited, failed);
                var slice = clock.GetTimestamp() / (100 * TimeSpan.TicksPerMillisecond);
                calls.Add((slice, failed));
                var since = calls.Where(call => call.Slice > slice - 4).SkipWhile(call => !call.Failed).ToList();
                var ratio = since.Count == 0 ? 0 : (double)since.Count(call => call.Failed) / since.Count;
                if (exact.State == CircuitState.Open && credited.State != CircuitState.Open)
                {
                    return false;
                }

                if (credited.State == CircuitState.Open)
                {
                    sooner += exact.State == CircuitState.Open ? 0 : 1;
                    return ratio >= 0.3;
                }
            }

            return true;
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(300).WithQuietOnSuccess(true), property);
        Suite.Report("model: slice credit beside every call", $"2,000 lives, {sooner} opened sooner");
    }

    [Fact]
    public void WhenCallsAreManyAndGood_ADefaultBreakerCountsASlicesCreditAndNoMore_UntilOneFails()
    {
        // One slice of a week, so that none ends meanwhile; the system's clock, so that the tick is compared.
        var breaker = new CircuitBreaker(new CircuitBreakerOptions { Window = CircuitWindow.Time(TimeSpan.FromDays(7), slices: 1) });
        var pipeline = new PipelineBuilder().AddCircuitBreaker(breaker).Build();
        Call(100_000);
        Assert.Equal(65_536, breaker.Snapshot.Calls);
        Assert.Throws<IOException>(() => pipeline.Execute(static int (CancellationToken _) => throw new IOException()));
        Call(1_000);
        Assert.Equal((66_537L, 1L), (breaker.Snapshot.Calls, breaker.Snapshot.Failures));

        void Call(int times)
        {
            for (var i = 0; i < times; i++)
            {
                pipeline.Execute(static (CancellationToken _) => 1);
            }
        }
    }

    [Fact]
    public void WhenACreditAndAFailureMeetOnRealThreads_TheCreditIsTakenBack()
    {
        // A litmus test of the two full fences: without one of them both sides could miss each other.
        const int Rounds = 3_000;
        var left = 0;
        WindowHarness<TimeWindow<Production>>? harness = null;
        using var barrier = new Barrier(2, _ =>
        {
            left += harness is not null && (harness.Word != 0 || harness.Read(1).Failures != 1) ? 1 : 0;
            harness = new(new TimeWindow<Production>(TimeSpan.FromTicks(1_000), 1, 1, 1, 0, new StripedCounter<Production>(), onTick: true));
        });
        var failing = new Thread(() => Each(failed: true));
        failing.Start();
        Each(failed: false);
        failing.Join();
        Assert.Equal(0, left);
        Suite.Report("litmus: credit beside a failure", $"{Rounds:N0} rounds on two threads");

        void Each(bool failed)
        {
            for (var i = 0; i < Rounds; i++)
            {
                barrier.SignalAndWait(TestContext.Current.CancellationToken);
                harness!.Record(failed, slow: false, 1);
            }
        }
    }

    private static void Say(CircuitBreaker breaker, bool failed)
    {
        if (!breaker.TryAcquire(out var permit))
        {
            return;
        }

        if (failed)
        {
            permit.Failure();
        }
        else
        {
            permit.Success();
        }
    }
}
