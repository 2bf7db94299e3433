namespace Resilience;

/// <summary>What the small breakers of one table share: the rules, the time, the counters and the parent.</summary>
internal sealed class SmallRules
{
    internal const int OverflowColumn = 0;
    internal const int StaleColumn = 1;
    private const int MostCalls = 47;
    private const int MostCallsWithSlow = 23;
    private readonly Clock _clock;
    private readonly long _origin;

    internal SmallRules(CircuitBreakerOptions options, Clock clock, CircuitBreaker? parent, bool leans)
    {
        Rules = new CircuitRules(options);
        Validate(options, Rules.CountsSlow ? MostCallsWithSlow : MostCalls);
        _clock = clock;
        _origin = clock.Coarse;
        Parent = parent ?? new CircuitBreaker(options, clock.Provider);
        Leans = leans;
        Full = 1L << (options.Window.Count * (Rules.CountsSlow ? 2 : 1));
    }

    internal CircuitRules Rules { get; }

    internal CircuitBreaker Parent { get; }

    /// <summary>Whether a key listens to its parent, and tells it, until it has calls of its own.</summary>
    internal bool Leans { get; }

    internal StripedCounter<Production> Counters { get; } = new();

    /// <summary>Milliseconds since the table was made.</summary>
    internal long Now => (_clock.Coarse - _origin) / TimeSpan.TicksPerMillisecond;

    /// <summary>A window full of successes: its sentinel.</summary>
    internal long Full { get; }

    /// <summary>When something that lasts so long from now ends, in milliseconds; rounded up, never early.</summary>
    internal long After(long ticks) =>
        (_clock.Coarse - _origin + ticks + _clock.Granule + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;

    private static void Validate(CircuitBreakerOptions options, int most)
    {
        Check(
            !options.Window.IsTime && options.Window.Count <= most, nameof(options.Window),
            $"Window of a keyed breaker is 1 to {most} calls, not {options.Window}.");
        Check(options.Window.MaxAge is null, nameof(options.Window), "MaxAge is not kept by a keyed breaker.");
        Check(options.Probes == 1, nameof(options.Probes), $"Probes of a keyed breaker is 1, not {options.Probes}.");
        Check(
            options.ConsecutiveFailures is null || options.ConsecutiveFailures <= options.Window.Count, nameof(options.ConsecutiveFailures),
            $"ConsecutiveFailures is {options.ConsecutiveFailures}, more than the {options.Window.Count} calls of the window.");
        Check(
            options.SlowCallDuration is null, nameof(options.SlowCallDuration),
            "SlowCallDuration is not measured by a keyed breaker, which keeps no start time: report slow calls as such.");
        Check(options.Recovery == TimeSpan.Zero, nameof(options.Recovery), $"Recovery of a keyed breaker is zero, not {options.Recovery}.");
        Check(options.BreakDurationGenerator is null, nameof(options.BreakDurationGenerator), "BreakDurationGenerator is not asked by a keyed breaker.");
        Check(
            options.InitialState == CircuitState.Closed, nameof(options.InitialState),
            $"InitialState of a keyed breaker is Closed, not {options.InitialState}.");
    }

    private static void Check(bool holds, string option, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message, option);
        }
    }
}
