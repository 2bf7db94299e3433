namespace Resilience;

/// <summary>
/// The one cancellation source of an attempt, cancelled by the caller's token or by the nearest deadline, and reused only when nothing
/// can cancel it any more.
/// </summary>
/// <remarks>
/// Renting and releasing allocate nothing once warm. A source that fired, lost a race or was abandoned never returns to its pool.
/// </remarks>
internal sealed class DeadlineSource : DeadlineItem<Production>
{
    [ThreadStatic]
    private static DeadlineSourceCache? s_cache;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly Clock _clock;
    private CancellationTokenRegistration _callersRegistration;
    private long _word;
    private bool _reusable;

    internal DeadlineSource(Clock clock)
        : base(clock.Sweeper) => _clock = clock;

    internal CancellationToken Token => _cancellation.Token;

    internal static DeadlineSource Rent(PipelineCore core, long deadline, CancellationToken callerToken)
    {
        var source = core.OwnsSourcePerAttempt ? new DeadlineSource(core.Clock) : Take(core.Clock);
        source._reusable = !core.OwnsSourcePerAttempt;
        source.Start(core.Word(deadline), callerToken);
        return source;
    }

    /// <summary>
    /// Ends the use of the source and says whether the deadline cancelled it; for the caller, ask his own token. The source's token must
    /// no longer be in use.
    /// </summary>
    internal CancelledBy Release()
    {
        if (!TryDisarm(_word))
        {
            // Claimed: OnDue gives the place back. The caller's registration would keep the source alive as long as his token.
            _callersRegistration.Unregister();
            return WasLate ? CancelledBy.LateDeadline : CancelledBy.Deadline;
        }

        // Unregister, not Dispose: the latter waits for a callback that runs on another thread.
        var detached = _callersRegistration == default || _callersRegistration.Unregister();
        _callersRegistration = default;
        if (!detached || !_reusable || !_cancellation.TryReset() || !TryGiveBack())
        {
            LeaveTable();
        }

        return CancelledBy.Nobody;
    }

    /// <inheritdoc/>
    protected internal override void OnDue()
    {
        LeaveTable();
        try
        {
            _cancellation.Cancel();
        }
        catch (Exception exception)
        {
            // A callback that the callee registered threw. No caller is on this stack.
            UnobservedFault.Report(exception);
        }
    }

    private static DeadlineSource Take(Clock clock)
    {
        if (s_cache is { Source: { } cached } cache && cached._clock == clock)
        {
            cache.Source = null;
            return cached;
        }

        return clock.Sources.Take();
    }

    // A source of another clock makes way: it would hold the thread's place, and that clock, for as long as the thread lives.
    private bool TryGiveBack()
    {
        var cache = s_cache ??= new DeadlineSourceCache();
        if (cache.Source is { } cached)
        {
            if (cached._clock == _clock)
            {
                return _clock.Sources.TryReturn(this);
            }

            if (!cached._clock.Sources.TryReturn(cached))
            {
                cached.LeaveTable();
            }
        }

        cache.Source = this;
        return true;
    }

    private void Start(long word, CancellationToken callerToken)
    {
        _word = word;
        if (callerToken.CanBeCanceled)
        {
            _callersRegistration = callerToken.UnsafeRegister(static state => ((DeadlineSource)state!)._cancellation.Cancel(), this);
        }

        Arm(word);
    }
}
