using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>Real threads: what is conserved, and what allocates nothing.</summary>
public sealed class CircuitStressTests
{
    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 0.5,
        MinimumCalls = 10,
        Window = CircuitWindow.Calls(1_024),
        ProbeLease = TimeSpan.FromHours(1),
    };

    [Theory]
    [InlineData(3)]
    [InlineData(1_000)]
    [InlineData(1_024)]
    public void WhenFourThreadsRecordInARing_CountsAndCellsAgreeAtTheEnd(int size)
    {
        const int Each = 2_500_000;
        var harness = new WindowHarness<RingWindow<Production>>(new RingWindow<Production>(size));
        Run(4, thread =>
        {
            var random = (uint)(thread + 1) * 2_654_435_761;
            for (var i = 0; i < Each; i++)
            {
                random ^= random << 13;
                random ^= random >> 17;
                random ^= random << 5;
                harness.Record(random % 7 == 0, random % 11 == 0);
            }
        });
        Assert.Equal(harness.Window.CountCells(), harness.Read());
        Suite.Report($"conservation: ring of {size}", $"{4 * Each:N0} operations from 4 threads");
    }

    [Fact]
    public void WhenFourThreadsRecordInTime_EveryCallAndFailureIsCounted()
    {
        const int Each = 250_000;
        var harness = new WindowHarness<TimeWindow<Production>>(
            new TimeWindow<Production>(TimeSpan.FromSeconds(10), 10, null, 1, 0, new StripedCounter<Production>(), onTick: false));
        Run(4, thread =>
        {
            for (var i = 0; i < Each; i++)
            {
                harness.Record(i % 10 == 0, slow: false, now: i);
            }
        });
        Assert.Equal(new Tally(4 * Each, 4 * Each / 10, 0), harness.Read(Each));
    }

    [Fact]
    public void WhenThreadsRaceForProbes_NeverMoreThanPermittedAreOut()
    {
        var clock = new ManualClock();
        for (var round = 0; round < 500; round++)
        {
            var breaker = new CircuitBreaker(s_options with { Probes = 2, MinimumCalls = 1, ProbeFailureRatio = 1 }, clock);
            breaker.TryAcquire(out var permit);
            permit.Failure();
            clock.Advance(TimeSpan.FromSeconds(5));
            var given = 0;
            Parallel.For(0, 8, _ =>
            {
                if (breaker.TryAcquire(out var _))
                {
                    Interlocked.Increment(ref given);
                }
            });
            Assert.Equal(2, given);
        }
    }

    [Fact]
    public void WhenThreadsReportIsolateAndReset_ItEndsInAStateThatWorks()
    {
        var breaker = new CircuitBreaker(s_options with { MinimumCalls = 1, BreakDuration = TimeSpan.FromTicks(1), Window = CircuitWindow.Calls(8) });
        using var subscription = breaker.Subscribe(_ => { });
        Run(4, thread =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                if (breaker.TryAcquire(out var permit))
                {
                    if ((i + thread) % 3 == 0)
                    {
                        permit.Failure();
                    }
                    else
                    {
                        permit.Success();
                    }
                }
                else if (i % 1_000 == 0)
                {
                    ((Action)(i % 3_000 == 0 ? breaker.Isolate : breaker.Reset))();
                }
            }
        });
        breaker.Reset();
        Assert.Equal((CircuitState.Closed, 0L), (breaker.State, breaker.Snapshot.Calls));
        Assert.True(breaker.TryAcquire(out _));
    }

    [Theory]
    [InlineData(CircuitState.Closed, 40, false)]
    [InlineData(CircuitState.Closed, 1_024, false)]
    [InlineData(CircuitState.Closed, 1_024, true)]
    [InlineData(CircuitState.Closed, 0, false)]
    [InlineData(CircuitState.Closed, 0, true)]
    [InlineData(CircuitState.Open, 40, false)]
    [InlineData(CircuitState.HalfOpen, 40, true)]
    [InlineData(CircuitState.Isolated, 40, false)]
    [InlineData(CircuitState.Disabled, 40, true)]
    [InlineData(CircuitState.Shadow, 40, false)]
    public void WhenCallsGoThroughOrAreRefused_NothingIsAllocated(CircuitState state, int window, bool timed)
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(s_options with
        {
            Window = window == 0 ? CircuitWindow.Time(TimeSpan.FromSeconds(30)) : CircuitWindow.Calls(window),
            SlowCallRatio = timed ? 0.9 : null,
            SlowCallDuration = timed ? TimeSpan.FromSeconds(1) : null,
            CountSlowInFlight = timed && window == 0,
            InitialState = state is CircuitState.Open or CircuitState.HalfOpen ? CircuitState.Closed : state,
        }, clock);
        for (var i = 0; state is CircuitState.Open or CircuitState.HalfOpen && i < 10; i++)
        {
            breaker.TryAcquire(out var permit);
            permit.Failure();
        }

        if (state == CircuitState.HalfOpen)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            breaker.TryAcquire(out var probe);
            probe.Ignore();
        }

        var call = 0;
        Assert.Equal(0, Execution.Allocations.Of(() => Call(call++)));
        Assert.Equal(state, breaker.State);

        void Call(int i)
        {
            clock.Leap(TimeSpan.FromTicks(1));
            if (!breaker.TryAcquire(out var permit))
            {
                return;
            }

            if (state == CircuitState.HalfOpen)
            {
                permit.Ignore();
            }
            else if (i % 100 == 0)
            {
                permit.Failure();
            }
            else
            {
                permit.Success();
            }
        }
    }

    private static void Run(int threads, Action<int> body)
    {
        var running = Enumerable.Range(0, threads).Select(i => new Thread(() => body(i))).ToArray();
        Array.ForEach(running, thread => thread.Start());
        Array.ForEach(running, thread => thread.Join());
    }
}
