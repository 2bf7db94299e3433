using System.Runtime.CompilerServices;
using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>
/// The one cancellation source of an attempt, cancelled by the caller's token or by the nearest deadline, and reused only when nothing
/// can cancel it any more.
/// </summary>
/// <remarks>
/// Renting and releasing allocate nothing once warm. A source that fired, lost a race or was abandoned never returns to its pool.
/// </remarks>
internal sealed class DeadlineSource : DeadlineItem
{
    [ThreadStatic]
    private static DeadlineSourceCache? t_cache;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly Clock _clock;
    private CancellationTokenRegistration _callersRegistration;
    private long _word;
    private int _cancelledBy;
    private bool _reusable;

    private DeadlineSource(Clock clock)
        : base(clock.Sweeper) => _clock = clock;

    internal CancellationToken Token => _cancellation.Token;

    internal static DeadlineSource Rent(ref CallFrame frame)
    {
        var core = frame.Core;
        var source = core.OwnsSourcePerAttempt ? new DeadlineSource(core.Clock) : Take(core.Clock);
        source._reusable = !core.OwnsSourcePerAttempt;
        source.Start(Sweeper.Word(frame.Deadline, core.UsesFineClock), frame.CallerToken);
        return source;
    }

    /// <summary>Ends the use of the source and says who cancelled it. The token must no longer be in use.</summary>
    internal CancelledBy Release()
    {
        var disarmed = TryDisarm(_word);

        // Unregister, not Dispose: the latter waits for a callback that runs on another thread.
        var detached = _callersRegistration == default || _callersRegistration.Unregister();
        if (disarmed && detached && _reusable && _cancellation.TryReset())
        {
            _callersRegistration = default;
            GiveBack();
            return CancelledBy.Nobody;
        }

        if (disarmed)
        {
            LeaveTable();
        }

        return (CancelledBy)Volatile.Read(ref _cancelledBy) switch
        {
            CancelledBy.Nobody when !disarmed => WasLate ? CancelledBy.LateDeadline : CancelledBy.Deadline,
            var known => known,
        };
    }

    /// <inheritdoc/>
    protected internal override void OnDue()
    {
        LeaveTable();
        var by = WasLate ? CancelledBy.LateDeadline : CancelledBy.Deadline;
        Interlocked.CompareExchange(ref _cancelledBy, (int)by, (int)CancelledBy.Nobody);
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
        if (t_cache is { Source: { } cached } cache && cached._clock == clock)
        {
            cache.Source = null;
            return cached;
        }

        return clock.Sources.Get();
    }

    private void GiveBack()
    {
        var cache = t_cache ??= new DeadlineSourceCache();
        if (cache.Source is null)
        {
            cache.Source = this;
        }
        else
        {
            _clock.Sources.Return(this);
        }
    }

    private void Start(long word, CancellationToken callerToken)
    {
        _word = word;
        if (callerToken.CanBeCanceled)
        {
            _callersRegistration = callerToken.UnsafeRegister(static state => ((DeadlineSource)state!).CancelForCaller(), this);
        }

        Arm(word);
    }

    private void CancelForCaller()
    {
        Interlocked.CompareExchange(ref _cancelledBy, (int)CancelledBy.Caller, (int)CancelledBy.Nobody);
        _cancellation.Cancel();
    }

    internal sealed class Policy(Clock clock) : PooledObjectPolicy<DeadlineSource>
    {
        public override DeadlineSource Create() => new(clock);

        public override bool Return(DeadlineSource obj) => true;
    }
}
