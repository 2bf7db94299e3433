using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>
/// What calls under timeouts of every kind allocate when they complete at once: nothing. Alone, since other tests would empty the pools
/// meanwhile.
/// </summary>
[Collection(Execution.Allocations.Alone)]
public sealed class TimeoutKindsAllocationTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var kind in new[] { "generated", "adaptive", "abandoning", "abandoning, generated" })
            {
                cases.Add(kind, false);
                cases.Add(kind, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void WhenACallCompletesAtOnce_NothingIsAllocated(string kind, bool system)
    {
        TimeProvider time = system ? TimeProvider.System : _clock;
        var pipeline = new PipelineBuilder<int> { TimeProvider = time }.AddTimeout(Options(kind, time)).Build();
        Assert.Equal(0, Execution.Allocations.Of(() =>
        {
            _clock.Advance(new TimeSpan(1));
            pipeline.ExecuteAsync(static t => new ValueTask<int>(t.IsCancellationRequested ? 0 : 1)).GetAwaiter().GetResult();
        }));
    }

    private static TimeoutOptions Options(string kind, TimeProvider time) => kind switch
    {
        "generated" => new TimeoutOptions { Generator = static _ => s_second },
        "adaptive" => new TimeoutOptions
        {
            Adaptive = new AdaptiveTimeout { Tracker = Filled(time), ReviewInterval = new TimeSpan(1) },
        },
        "abandoning" => new TimeoutOptions { Abandoned = new AbandonedCalls() },
        _ => new TimeoutOptions { Abandoned = new AbandonedCalls(), Generator = static _ => s_second },
    };

    // Enough records for an answer, which is then asked for at each call.
    private static PercentileTracker Filled(TimeProvider time)
    {
        var tracker = new PercentileTracker(new PercentileTrackerOptions { TimeProvider = time });
        for (var i = 0; i < 1_000; i++)
        {
            tracker.Record(s_second);
        }

        return tracker;
    }
}
