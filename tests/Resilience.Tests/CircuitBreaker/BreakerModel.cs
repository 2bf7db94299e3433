using System.Collections.Immutable;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>The whole breaker written down naively: lists instead of bits, one thread, no cleverness. Immutable; times in ticks.</summary>
internal sealed record BreakerModel(CircuitBreakerOptions Options)
{
    private static readonly long s_grace = TimeSpan.FromSeconds(1).Ticks;

    public long Now { get; init; }

    public CircuitState State { get; init; }

    public bool Shadowing { get; init; }

    public long Generation { get; init; }

    public int Opens { get; init; }

    public long Since { get; init; }

    public long Until { get; init; }

    public bool Recovering { get; init; }

    public long RecoverySum { get; init; }

    public ImmutableList<Call> Window { get; init; } = [];

    public int Consecutive { get; init; }

    public long LastFailure { get; init; }

    public int PhaseId { get; init; }

    /// <summary>Phases that ended full and clean: a success through one of their permits is not even seen.</summary>
    public ImmutableHashSet<int> CleanPhases { get; init; } = [];

    public ImmutableList<Place> Places { get; init; } = [];

    public (int Calls, int Failures, int Slow) Probes { get; init; }

    public ImmutableList<Given> Permits { get; init; } = [];

    public long Rejected { get; init; }

    public long Stale { get; init; }

    public long WouldHaveRejected { get; init; }

    public bool Admitted { get; init; }

    public CircuitState Shown => Shadowing ? CircuitState.Shadow : State;

    public bool CountsSlow => Options.SlowCallRatio is not null;

    public IReadOnlyList<Call> Held
    {
        get
        {
            if (!Options.Window.IsTime)
            {
                return Window.TakeLast(Options.Window.Count).ToList();
            }

            var slice = Options.Window.Duration.Ticks / Options.Window.Slices;
            return Window.Where(call => call.At / slice > (Now / slice) - Options.Window.Slices).ToList();
        }
    }

    public long Wait => Shadowing ? 0 : State switch
    {
        CircuitState.Open => Math.Max(0, Until - Now),
        CircuitState.Isolated => -1,
        _ => 0,
    };

    private bool IsClean => !Options.Window.IsTime && Held.Count == Options.Window.Count && Held.All(call => !call.Failed && !call.Slow);

    public override string ToString() => $"{Shown}/{State} at {Now / TimeSpan.TicksPerMillisecond} ms, generation {Generation}";

    public BreakerModel Acquire()
    {
        switch (State)
        {
            case CircuitState.Open when Now >= Until:
                return Enter(CircuitState.HalfOpen) with
                {
                    Places = [.. Enumerable.Repeat(new Place(-1, 0, 0), Options.Probes)],
                    Probes = default,
                    Opens = Opens,
                } is var halfOpen ? halfOpen.Acquire() : this;
            case CircuitState.Open or CircuitState.Isolated:
                return Refuse();
            case CircuitState.HalfOpen:
                return AcquireProbe();
            case CircuitState.Closed when Recovering && Now - Since < Options.Recovery.Ticks:
                var share = ((1L << 32) / 100) + (long)((1L << 32) * 0.99 * (Now - Since) / Options.Recovery.Ticks);
                var sum = RecoverySum + share;
                var next = this with { RecoverySum = sum };
                return sum >> 32 != RecoverySum >> 32 ? next.Give(isProbe: false) : next.Refuse();
            default:
                return Give(isProbe: false);
        }
    }

    public BreakerModel Report(int index, Said said)
    {
        var permit = Permits[index];
        if (permit.Reported || permit.PhaseId < 0)
        {
            return this;
        }

        var model = this with { Permits = Permits.SetItem(index, permit with { Reported = true }) };
        return permit.IsProbe ? model.ReportProbe(index, permit, said) : model.ReportCall(permit, said);
    }

    public BreakerModel Force(CircuitState state) => state != CircuitState.Closed && Shown == state
        ? this
        : Enter(state == CircuitState.Shadow ? CircuitState.Closed : state) with { Opens = 0, Shadowing = state == CircuitState.Shadow };

    private BreakerModel Enter(CircuitState state) => this with
    {
        State = state,
        Generation = Generation + 1,
        PhaseId = PhaseId + 1,
        CleanPhases = State is (CircuitState.Closed or CircuitState.Disabled) && IsClean ? CleanPhases.Add(PhaseId) : CleanPhases,
        Since = Now,
        Window = [],
        Consecutive = 0,
        LastFailure = 0,
        Recovering = false,
        RecoverySum = 0,
        Places = [],
        Probes = default,
    };

    private BreakerModel Refuse() => Shadowing
        ? this with { WouldHaveRejected = WouldHaveRejected + 1, Admitted = true, Permits = Permits.Add(new Given(-1, 0, false, 0, false)) }
        : this with { Rejected = Rejected + 1, Admitted = false, Permits = Permits.Add(new Given(-1, 0, false, 0, false)) };

    private BreakerModel Give(bool isProbe) => this with
    {
        Admitted = true,
        Permits = Permits.Add(new Given(PhaseId, Generation, isProbe, Now, false)),
    };

    private BreakerModel AcquireProbe()
    {
        var place = Places.FindIndex(p => p.Holder == -1);
        if (place < 0)
        {
            var overdue = Places.Where(p => p.Holder >= 0 && p.Expiry <= Now).OrderBy(p => p.Expiry).FirstOrDefault();
            place = overdue is null ? -1 : Places.IndexOf(overdue);
            if (overdue is null || overdue.SeenOverdue == 0)
            {
                return overdue is null ? Refuse() : (this with { Places = Places.SetItem(place, overdue with { SeenOverdue = Now }) }).Refuse();
            }

            if (Now - overdue.SeenOverdue < Math.Min(s_grace, Options.ProbeLease.Ticks))
            {
                return Refuse();
            }
        }

        return (this with { Places = Places.SetItem(place, new Place(Permits.Count, Now + Options.ProbeLease.Ticks, 0)) }).Give(isProbe: true);
    }

    private bool IsSlow(Given permit, Said said) =>
        CountsSlow && (said.Slow || (Options.SlowCallDuration is { } slow && Now - permit.Start > slow.Ticks));

    private BreakerModel ReportProbe(int index, Given permit, Said said)
    {
        var place = Places.FindIndex(p => p.Holder == index);
        if (permit.Generation != Generation)
        {
            return said.Ignored ? this : this with { Stale = Stale + 1 };
        }

        var model = place < 0 ? this : this with { Places = Places.SetItem(place, new Place(said.Ignored ? -1 : -2, 0, 0)) };
        if (said.Ignored)
        {
            return model;
        }

        var probes = (Calls: Probes.Calls + 1, Failures: Probes.Failures + (said.Failed ? 1 : 0), Slow: Probes.Slow + (IsSlow(permit, said) ? 1 : 0));
        model = model with { Probes = probes };
        var ratio = Options.ProbeFailureRatio ?? Options.FailureRatio ?? 1e-9;
        if (probes.Failures / (double)Options.Probes >= ratio || probes.Slow / (double)Options.Probes >= (Options.SlowCallRatio ?? 2))
        {
            return model.Open(Opens + 1);
        }

        // Whatever the probes still to come do, they cannot reach a limit any more.
        var left = Options.Probes - probes.Calls;
        var safe = (probes.Failures + left) / (double)Options.Probes < ratio
            && (probes.Slow + left) / (double)Options.Probes < (Options.SlowCallRatio ?? 2);
        return safe
            ? model.Enter(CircuitState.Closed) with
            {
                Recovering = Options.Recovery > TimeSpan.Zero,
                Opens = Options.Recovery > TimeSpan.Zero ? Opens : 0,
            }
            : model;
    }

    private BreakerModel ReportCall(Given permit, Said said)
    {
        if (said.Ignored)
        {
            return this;
        }

        var slow = IsSlow(permit, said);
        var unseen = !said.Failed && !said.Slow && Options.SlowCallDuration is null && CleanPhases.Contains(permit.PhaseId);
        if (permit.Generation != Generation)
        {
            return unseen ? this : this with { Stale = Stale + 1 };
        }

        return unseen ? this : Record(said.Failed, slow);
    }

    private BreakerModel Record(bool failed, bool slow)
    {
        if (failed && Options.Window.MaxAge is { } age)
        {
            if (LastFailure != 0 && Now - LastFailure > age.Ticks)
            {
                return (this with
                {
                    PhaseId = PhaseId + 1,
                    Window = [],
                    Consecutive = 0,
                    LastFailure = 0,
                }).Record(failed, slow);
            }
        }

        var model = this with
        {
            Window = Window.Add(new Call(Now, failed, slow)),
            Consecutive = failed ? Consecutive + 1 : 0,
            LastFailure = failed ? Now : LastFailure,
        };
        return State == CircuitState.Closed && model.Trips(failed)
            ? model.Open(1 + (Recovering && Now - Since < Options.Recovery.Ticks ? Opens : 0))
            : model;
    }

    private bool Trips(bool failed)
    {
        var held = Held;
        var least = Options.Confidence is null ? Options.MinimumCalls : Options.ConfidenceFloor;
        return (failed && Consecutive >= (Options.ConsecutiveFailures ?? int.MaxValue))
            || (held.Count >= least && (Reached(held.Count(c => c.Failed), Options.FailureRatio) || Reached(held.Count(c => c.Slow), Options.SlowCallRatio)));

        bool Reached(int count, double? ratio)
        {
            if (ratio is not { } limit || count == 0)
            {
                return false;
            }

            if (Options.Confidence is not { } confidence)
            {
                return count / (double)held.Count >= limit;
            }

            var z = confidence == 0.9 ? 1.2815515655446004 : throw new NotSupportedException();
            double n = held.Count, k = count;
            var centre = (k + (z * z / 2)) / (n + (z * z));
            var half = z / (n + (z * z)) * Math.Sqrt((k * (n - k) / n) + (z * z / 4));
            return centre - half > limit;
        }
    }

    private BreakerModel Open(int opens)
    {
        var ticks = Math.Min(Options.BreakDuration.Ticks * Math.Pow(Options.BreakGrowth, opens - 1), Options.MaxBreakDuration.Ticks);
        return Enter(CircuitState.Open) with { Opens = opens, Until = Now + (long)ticks };
    }

    internal sealed record Call(long At, bool Failed, bool Slow);

    /// <summary>A probe's place: the permit that holds it, -1 when free, -2 when spent.</summary>
    internal sealed record Place(int Holder, long Expiry, long SeenOverdue);

    internal sealed record Given(int PhaseId, long Generation, bool IsProbe, long Start, bool Reported);

    internal sealed record Said(bool Failed, bool Slow, bool Ignored);
}
