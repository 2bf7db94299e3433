namespace Resilience;

/// <summary>When a circuit breaker opens, for how long, and how it finds its way back. Immutable; checked when a breaker is built.</summary>
public sealed record CircuitBreakerOptions
{
    /// <summary>The name in events and descriptions.</summary>
    public string? Name { get; init; }

    /// <summary>Opens when so large a share of the window's calls failed: above 0, at most 1. Null: failures have no ratio.</summary>
    public double? FailureRatio { get; init; } = 0.1;

    /// <summary>The ratios count only when the window holds so many calls: at least 1, at most the calls of a count window.</summary>
    public int MinimumCalls { get; init; } = 100;

    /// <summary>The recent outcomes to look at.</summary>
    public CircuitWindow Window { get; init; } = CircuitWindow.Time(TimeSpan.FromSeconds(30), slices: 10);

    /// <summary>Opens after so many failures in a row: at least 1. Null: failures in a row have no limit.</summary>
    public int? ConsecutiveFailures { get; init; }

    /// <summary>Opens when so large a share of the window's calls was slow: above 0, at most 1. Null: slow calls are not counted.</summary>
    public double? SlowCallRatio { get; init; }

    /// <summary>A call that takes longer is slow: above zero, at most a day. Null: only calls reported as slow are.</summary>
    public TimeSpan? SlowCallDuration { get; init; }

    /// <summary>
    /// Counts calls in flight that are already older than <see cref="SlowCallDuration"/> as slow, looking once a slice.
    /// Needs a time window and a <see cref="SlowCallDuration"/> of at least 100 ms.
    /// </summary>
    public bool CountSlowInFlight { get; init; }

    /// <summary>
    /// Replaces <see cref="MinimumCalls"/>: a ratio counts as reached when the Wilson lower bound at this confidence exceeds it; from 0.5 to
    /// 0.9999. A score, not a probability: it is looked at after every call. Null: <see cref="MinimumCalls"/> decides.
    /// </summary>
    public double? Confidence { get; init; }

    /// <summary>The least calls for <see cref="Confidence"/>: at least 1.</summary>
    public int ConfidenceFloor { get; init; } = 10;

    /// <summary>How long it stays open: above zero, at most a day.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>By what each opening in a row multiplies the break: from 1 to 100.</summary>
    public double BreakGrowth { get; init; } = 1;

    /// <summary>The longest break that growth leads to: at least <see cref="BreakDuration"/>, at most a day.</summary>
    public TimeSpan MaxBreakDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Spreads each break evenly over this share to both sides: from 0 to 1.</summary>
    public double BreakJitter { get; init; }

    /// <summary>
    /// Gives the break when it opens, instead of the duration above, which holds until it returns. Called once, on the thread of the call that
    /// opened it, with nothing locked; when it throws or answers a negative duration, the duration above stays.
    /// </summary>
    public Func<CircuitTrip, TimeSpan>? BreakDurationGenerator { get; init; }

    /// <summary>How many calls go through when the break is over, and decide: from 1 to 1,000.</summary>
    public int Probes { get; init; } = 1;

    /// <summary>Opens again when so large a share of the probes failed: above 0, at most 1. Null: <see cref="FailureRatio"/>, or any failure.</summary>
    public double? ProbeFailureRatio { get; init; }

    /// <summary>
    /// A probe that has not reported for so long makes room for another, a short grace later: above zero, at most a day. The deadline of a call,
    /// where it is later, counts instead.
    /// </summary>
    public TimeSpan ProbeLease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Over how long the share of admitted calls grows from 1 % to all after closing: at most a day. Zero: all at once.</summary>
    public TimeSpan Recovery { get; init; }

    /// <summary>The state at the start: closed, isolated, disabled or shadow.</summary>
    public CircuitState InitialState { get; init; }

    internal void Validate()
    {
        OptionCheck.NotNull(Window, nameof(Window));
        OptionCheck.Ratio(FailureRatio, nameof(FailureRatio));
        OptionCheck.Ratio(SlowCallRatio, nameof(SlowCallRatio));
        OptionCheck.Ratio(ProbeFailureRatio, nameof(ProbeFailureRatio));
        OptionCheck.Range(MinimumCalls, 1, int.MaxValue, nameof(MinimumCalls));
        OptionCheck.Range(ConsecutiveFailures ?? 1, 1, int.MaxValue, nameof(ConsecutiveFailures));
        OptionCheck.Range(ConfidenceFloor, 1, int.MaxValue, nameof(ConfidenceFloor));
        OptionCheck.Range(Confidence ?? 0.5, 0.5, 0.9999, nameof(Confidence));
        OptionCheck.Range(BreakGrowth, 1, 100, nameof(BreakGrowth));
        OptionCheck.Range(BreakJitter, 0, 1, nameof(BreakJitter));
        OptionCheck.Range(Probes, 1, 1_000, nameof(Probes));
        OptionCheck.Duration(BreakDuration, nameof(BreakDuration));
        OptionCheck.Duration(MaxBreakDuration, nameof(MaxBreakDuration));
        OptionCheck.Duration(ProbeLease, nameof(ProbeLease));
        OptionCheck.Duration(SlowCallDuration ?? TimeSpan.FromTicks(1), nameof(SlowCallDuration));
        OptionCheck.Duration(Recovery == TimeSpan.Zero ? TimeSpan.FromTicks(1) : Recovery, nameof(Recovery));
        OptionCheck.That(
            InitialState is CircuitState.Closed or CircuitState.Isolated or CircuitState.Disabled or CircuitState.Shadow,
            nameof(InitialState), $"{nameof(InitialState)} is Closed, Isolated, Disabled or Shadow, not {InitialState}.");
        ValidateTogether();
    }

    private void ValidateTogether()
    {
        var ratio = FailureRatio is not null || SlowCallRatio is not null;
        var least = Confidence is null ? MinimumCalls : ConfidenceFloor;
        var leastName = Confidence is null ? nameof(MinimumCalls) : nameof(ConfidenceFloor);
        OptionCheck.That(
            ratio || ConsecutiveFailures is not null, nameof(FailureRatio),
            $"One of {nameof(FailureRatio)}, {nameof(SlowCallRatio)} and {nameof(ConsecutiveFailures)} must be set: nothing else opens the breaker.");
        OptionCheck.That(
            !ratio || Window.IsTime || least <= Window.Count, leastName,
            $"{leastName} is {least}, more than the {Window.Count} calls of the window: it could never open.");
        OptionCheck.That(
            SlowCallDuration is null || SlowCallRatio is not null, nameof(SlowCallDuration),
            $"{nameof(SlowCallDuration)} is {SlowCallDuration}, but {nameof(SlowCallRatio)} is null: slow calls would be measured for nothing.");
        OptionCheck.That(
            MaxBreakDuration >= BreakDuration, nameof(MaxBreakDuration),
            $"{nameof(MaxBreakDuration)} is {MaxBreakDuration}, less than the {nameof(BreakDuration)} of {BreakDuration}.");
        OptionCheck.That(
            !CountSlowInFlight || (Window.IsTime && SlowCallDuration >= TimeSpan.FromMilliseconds(100)), nameof(CountSlowInFlight),
            $"{nameof(CountSlowInFlight)} needs a time window and a {nameof(SlowCallDuration)} of at least 100 ms, not {SlowCallDuration}.");
    }
}
