using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Refuses calls to a dependency that keeps failing, and lets a few through after a while to see whether it has recovered.
/// Safe for concurrent use; no call takes a lock, waits or allocates. Admission is O(1), and O(<see cref="CircuitBreakerOptions.Probes"/>)
/// while half-open; a report is O(1), and with a time window O(slices + threads) when it may decide.
/// </summary>
public sealed partial class CircuitBreaker
{
    // A refusal goes by the shared tick while the end of the break is far; one of a thread's so many brings that up to date, so that it lags little
    // even where the timers of the process do not run.
    private const int RefusalsPerReading = 16;
    private readonly PhaseFactory _factory;
    private readonly Clock _clock;
    private readonly bool _ticks;
    private CircuitRules _rules;

    // The state of everything. Replaced as a whole, by compare-exchange only.
    private Phase _phase;

    /// <summary>A breaker in its initial state.</summary>
    /// <param name="options">When it opens, for how long, and how it finds its way back.</param>
    /// <param name="timeProvider">The time; the system's if null.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public CircuitBreaker(CircuitBreakerOptions options, TimeProvider? timeProvider = null)
        : this(options, Clock.For(timeProvider ?? TimeProvider.System), PhaseFactory.Default)
    {
    }

    internal CircuitBreaker(CircuitBreakerOptions options, Clock clock, PhaseFactory factory)
    {
        _rules = new CircuitRules(options);
        _clock = clock;
        _ticks = ReferenceEquals(clock, Clock.System);
        _factory = factory;
        _phase = Make(options.InitialState, new PhaseOrigin(0, clock.Coarse, CircuitReason.Started, 0, false));
    }

    /// <summary>The options in force.</summary>
    public CircuitBreakerOptions Options => Rules.Options;

    /// <summary>Where its time comes from.</summary>
    public TimeProvider TimeProvider => _clock.Provider;

    /// <summary>What it does with calls. An open breaker whose break is over stays open until a call asks.</summary>
    public CircuitState State => Current.Shown;

    /// <summary>
    /// When a call may go through: zero when that may be now, <see cref="Timeout.InfiniteTimeSpan"/> when the breaker is isolated.
    /// </summary>
    public TimeSpan RetryAfter => Current is { Origin.Shadowing: false } phase
        ? phase.Wait(_clock.Coarse) is var wait and >= 0 ? new TimeSpan(wait) : Timeout.InfiniteTimeSpan
        : TimeSpan.Zero;

    /// <summary>The breaker at this moment.</summary>
    public CircuitSnapshot Snapshot
    {
        get
        {
            var phase = Current;
            var now = _clock.Coarse;
            var tally = phase.Read(now, out var covered);

            // Reports under way may put a field ahead of the others.
            return new CircuitSnapshot
            {
                State = phase.Shown,
                DecidingState = phase.State,
                Generation = phase.Origin.Generation,
                Reason = phase.Origin.Reason,
                TimeInState = new TimeSpan(Math.Max(0, now - phase.Origin.Since)),
                Calls = tally.Calls,
                Failures = Math.Clamp(tally.Failures, 0, tally.Calls),
                SlowCalls = Math.Clamp(tally.Slow, 0, tally.Calls),
                MinimumCalls = phase.Rules.Least,
                Covered = new TimeSpan(covered),
                Rejected = Counted(RejectedColumn),
                Stale = Counted(StaleColumn),
                WouldHaveRejected = Counted(ShadowedColumn),
            };
        }
    }

    /// <summary>Asks to make a call.</summary>
    /// <param name="permit">What to report the outcome to or, refused, when to try again.</param>
    /// <returns>Whether the call may be made.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAcquire(out Permit permit)
    {
        var phase = Volatile.Read(ref _phase);
        if (!phase.Admits)
        {
            return Enter(phase, -1, 0, out permit);
        }

        permit = new Permit(phase, 0);
        return true;
    }

    /// <summary>Refuses every call until <see cref="Reset"/>, <see cref="Disable"/> or <see cref="Shadow"/>.</summary>
    public void Isolate() => Force(CircuitState.Isolated);

    /// <summary>Closes it with an empty window, whatever its state.</summary>
    public void Reset() => Force(CircuitState.Closed);

    /// <summary>Lets every call through and records it, without ever opening, until <see cref="Reset"/> or another state is asked for.</summary>
    public void Disable() => Force(CircuitState.Disabled);

    /// <summary>
    /// Lets every call through, decides as if in force, from closed and with an empty window, and counts what it would have refused, until
    /// <see cref="Reset"/> or another state is asked for.
    /// </summary>
    public void Shadow() => Force(CircuitState.Shadow);

    /// <summary>
    /// Puts other options in force. The state stays, and where both windows count calls or both count time, so does what they hold, but for
    /// reports made at the same moment. A break, a probe or an isolation under way ends as it began; the initial state is not looked at.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public void Reconfigure(CircuitBreakerOptions options)
    {
        Interlocked.Exchange(ref _rules, new CircuitRules(options));
        Adopt();
    }

    /// <summary>Has every later change of state handed to <paramref name="handler"/>, as <see cref="CircuitSubscription"/> says.</summary>
    /// <param name="handler">What to call.</param>
    /// <returns>The subscription, to end it with.</returns>
    public CircuitSubscription Subscribe(Action<CircuitTransition> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);

        // The log stands before the generation is read, so that a transition after this one finds it.
        var log = Volatile.Read(ref _log) ?? Interlocked.CompareExchange(ref _log, new TransitionLog<Production>(), null) ?? Volatile.Read(ref _log);
        var subscription = new CircuitSubscription(log, handler, Current.Origin.Generation + 1);
        log.Add(subscription);
        ((ITransitionReader)subscription).Wake();
        return subscription;
    }

    /// <summary>Asks to make a call in a phase that does not admit every one.</summary>
    /// <param name="phase">The breaker's phase.</param>
    /// <param name="now">The coarse time, or negative where nobody has read it.</param>
    /// <param name="deadline">When the call must have ended, on the coarse scale; zero or the greatest value for none.</param>
    /// <param name="permit">What to report the outcome to or, refused, when to try again.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool Enter(Phase phase, long now, long deadline, out Permit permit)
    {
        if (Refuses(phase, out permit))
        {
            return false;
        }

        while (true)
        {
            switch (phase.TryEnter(now, deadline, out permit))
            {
                case Admission.Admitted:
                    return true;
                case Admission.Refused when phase.Origin.Shadowing:
                    // What would have been refused has no part in the decisions: its permit takes a report and does nothing.
                    Count(ShadowedColumn);
                    permit = default;
                    return true;
                case Admission.Refused:
                    CountRefusal();
                    return false;
                default:
                    phase = Current;
                    if (phase.Admits)
                    {
                        permit = new Permit(phase, 0);
                        return true;
                    }

                    continue;
            }
        }
    }

    /// <summary>Refuses a call if <paramref name="phase"/> will do so for long, without a look at anything else.</summary>
    /// <param name="phase">The breaker's phase.</param>
    /// <param name="permit">The wait.</param>
    internal bool Refuses(Phase phase, out Permit permit)
    {
        var wait = phase.LongWait;
        permit = new Permit(null, wait);
        if (wait == 0 || phase.Origin.Shadowing)
        {
            return false;
        }

        CountRefusal();
        return true;
    }

    /// <summary>Takes in a success through a plain permit of <paramref name="phase"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Succeed(Phase phase)
    {
        if (!ReferenceEquals(Current, phase))
        {
            SucceedLate(phase);
        }
        else if (!phase.IsFree)
        {
            phase.Succeed(-1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SucceedLate(Phase entered)
    {
        var phase = Current;
        if (phase.Mark == entered.Mark)
        {
            phase.Succeed(-1);
        }
        else
        {
            CountStale();
        }
    }

    private void CountRefusal()
    {
        if ((Count(RejectedColumn) & (RefusalsPerReading - 1)) == 0 && _ticks)
        {
            CoarseTick.Renew();
        }
    }
}
