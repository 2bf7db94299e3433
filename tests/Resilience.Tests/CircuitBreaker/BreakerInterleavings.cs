using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>Small concurrent programs over a whole breaker, for the product's phases and for the seeded bugs alike.</summary>
internal static class BreakerInterleavings
{
    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 1,
        MinimumCalls = 1,
        Window = CircuitWindow.Calls(2),
        BreakDuration = TimeSpan.FromSeconds(5),
        ProbeLease = TimeSpan.FromSeconds(1),
    };

    /// <summary>Threads that race for the probes of a break that is over: each schedule hands out as many as are permitted.</summary>
    public static (Action[] Bodies, Func<bool> Check) HandOut(PhaseFactory factory, int threads, int probes)
    {
        var (breaker, clock) = Opened(factory, s_options with { Probes = probes });
        clock.Advance(TimeSpan.FromSeconds(6));
        var given = 0;
        return (Each(threads, () => Take(breaker, ref given)), () => given == Math.Min(probes, threads) && breaker.State == CircuitState.HalfOpen);
    }

    /// <summary>Threads that take and give back permits of a half-open breaker: linearizable as a counter of places.</summary>
    public static (Action[] Bodies, Func<bool> Check) Places(Explorer explorer, PhaseFactory factory, int threads, int probes)
    {
        var (breaker, clock) = Opened(factory, s_options with { Probes = probes });
        clock.Advance(TimeSpan.FromSeconds(6));
        breaker.TryAcquire(out var first);
        first.Ignore();
        var history = new History<bool, bool>(explorer);
        var bodies = Enumerable.Range(0, threads).Select(client => (Action)(() =>
        {
            Permit permit = default;
            if (history.Run(client, true, () => breaker.TryAcquire(out permit)))
            {
                history.Run(client, false, () =>
                {
                    permit.Ignore();
                    return true;
                });
            }

            history.Run(client, true, () => breaker.TryAcquire(out permit));
        })).ToArray();
        return (bodies, () => Linearizability.Check(history.Operations, probes, (left, take, got) => take switch
        {
            true when got => (left > 0, left - 1),
            true => (left == 0, left),
            false => (true, left + 1),
        }));
    }

    /// <summary>Several reports that each would open it: it opens once, and the generator is asked once.</summary>
    public static (Action[] Bodies, Func<bool> Check) Trips(PhaseFactory factory, int threads)
    {
        var asked = 0;
        var breaker = Make(factory, s_options with { BreakDurationGenerator = _ => TimeSpan.FromSeconds(++asked) }, out _);
        var permits = Acquired(breaker, threads);
        return (Each(threads, client => permits[client].Failure()), () => breaker.Snapshot is { State: CircuitState.Open, Generation: 1 } && asked == 1);
    }

    /// <summary>A trip beside an isolation: whichever comes first, it ends isolated.</summary>
    public static (Action[] Bodies, Func<bool> Check) TripAndIsolate(PhaseFactory factory)
    {
        var breaker = Make(factory, s_options, out _);
        var permits = Acquired(breaker, 1);
        return ([() => permits[0].Failure(), breaker.Isolate], () => breaker.State == CircuitState.Isolated);
    }

    /// <summary>A trip decided in a state that a reset has since replaced: the newer state stays.</summary>
    public static (Action[] Bodies, Func<bool> Check) ResetMeetsATrip(PhaseFactory factory)
    {
        var breaker = Make(factory, s_options, out _);
        var permits = Acquired(breaker, 1);
        return ([() => permits[0].Failure(), breaker.Reset], () => breaker.State == CircuitState.Closed);
    }

    /// <summary>A report that is given twice, from two threads, through copies of one probe's permit: it counts once.</summary>
    public static (Action[] Bodies, Func<bool> Check) ReportsTwice(PhaseFactory factory)
    {
        var (breaker, clock) = Opened(factory, s_options with { Probes = 3, ProbeFailureRatio = 0.3 });
        clock.Advance(TimeSpan.FromSeconds(6));
        var probe = Acquired(breaker, 1)[0];
        return (Each(2, _ => Report(probe)), () => breaker.Snapshot is { State: CircuitState.HalfOpen, Calls: 1 });

        static void Report(Permit copy) => copy.Success();
    }

    /// <summary>A late result of an earlier state beside the end of the break: it moves nothing.</summary>
    public static (Action[] Bodies, Func<bool> Check) LateReport(PhaseFactory factory)
    {
        var breaker = Make(factory, s_options, out var clock);
        var permits = Acquired(breaker, 2);
        permits[0].Failure();
        clock.Advance(TimeSpan.FromSeconds(6));
        return ([() => permits[1].Failure(), () => Acquire(breaker)], () => breaker.Snapshot is { State: CircuitState.HalfOpen, Calls: 0, Stale: 1 });
    }

    /// <summary>Probes that end at once beside one another: the first that decides decides alone, and everything has left half-open.</summary>
    public static (Action[] Bodies, Func<bool> Check) Decides(PhaseFactory factory)
    {
        var (breaker, clock) = Opened(factory, s_options with { Probes = 2, ProbeFailureRatio = 1 });
        clock.Advance(TimeSpan.FromSeconds(6));
        var permits = Acquired(breaker, 2);
        return ([() => permits[0].Success(), () => permits[1].Failure()], () => breaker.Snapshot is { State: CircuitState.Closed, Generation: 3 });
    }

    /// <summary>Threads that find a lease overdue: at most one more probe goes through, and the late result still counts.</summary>
    public static (Action[] Bodies, Func<bool> Check) Overdue(PhaseFactory factory, bool lateReport)
    {
        var (breaker, clock) = Opened(factory, s_options);
        clock.Advance(TimeSpan.FromSeconds(6));
        var late = Acquired(breaker, 1);
        clock.Advance(TimeSpan.FromSeconds(1));
        breaker.TryAcquire(out _);
        clock.Advance(TimeSpan.FromSeconds(1));
        var given = 0;
        Action second = lateReport ? () => late[0].Success() : () => Take(breaker, ref given);
        return (
            [() => Take(breaker, ref given), second],
            () => lateReport ? breaker.State == CircuitState.Closed : given == 1 && breaker.State == CircuitState.HalfOpen);
    }

    /// <summary>Other options beside a trip: it ends open, and closes under the new options.</summary>
    public static (Action[] Bodies, Func<bool> Check) Reconfigures(PhaseFactory factory)
    {
        var breaker = Make(factory, s_options, out var clock);
        var permits = Acquired(breaker, 1);
        var next = s_options with { Window = CircuitWindow.Calls(3), Name = "next" };
        return ([() => permits[0].Failure(), () => breaker.Reconfigure(next)], () =>
        {
            var opened = breaker.State == CircuitState.Open;
            clock.Advance(TimeSpan.FromSeconds(6));
            Acquired(breaker, 1)[0].Success();
            return opened && breaker.State == CircuitState.Closed && breaker.Current.Rules.Options.Name == "next";
        }
        );
    }

    private static Action[] Each(int threads, Action<int> body) =>
        [.. Enumerable.Range(0, threads).Select(client => (Action)(() => body(client)))];

    private static Action[] Each(int threads, Action body) => Each(threads, _ => body());

    // Counts after the call: adding its answer in one expression would read the count before it.
    private static void Take(CircuitBreaker breaker, ref int given)
    {
        if (Acquire(breaker))
        {
            given++;
        }
    }

    private static bool Acquire(CircuitBreaker breaker) => breaker.TryAcquire(out _);

    private static Permit[] Acquired(CircuitBreaker breaker, int count)
    {
        var permits = new Permit[count];
        for (var i = 0; i < count; i++)
        {
            Assert.True(breaker.TryAcquire(out permits[i]));
        }

        return permits;
    }

    private static CircuitBreaker Make(PhaseFactory factory, CircuitBreakerOptions options, out ManualClock clock)
    {
        clock = new ManualClock();
        return new CircuitBreaker(options, Clock.For(clock), factory);
    }

    private static (CircuitBreaker Breaker, ManualClock Clock) Opened(PhaseFactory factory, CircuitBreakerOptions options)
    {
        var breaker = Make(factory, options, out var clock);
        Acquired(breaker, 1)[0].Failure();
        return (breaker, clock);
    }
}
