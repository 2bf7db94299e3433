using System.Threading.Tasks.Sources;
using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>A wait on the sweeper, pooled: over when its time has come or its token is cancelled, whichever is first. It never fails.</summary>
/// <remarks>Awaited once. Not safe for concurrent awaits.</remarks>
internal sealed class PendingDelay : DeadlineItem, IValueTaskSource
{
    private const int Waiting = 0;
    private const int Due = 1;
    private const int Cancelled = 2;
    private readonly Clock _clock;
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private long _word;
    private int _state;

    private PendingDelay(Clock clock)
        : base(clock.Sweeper) => _clock = clock;

    /// <summary>A wait of at least <paramref name="ticks"/>, or until <paramref name="cancellationToken"/> is cancelled.</summary>
    internal static ValueTask Start(Clock clock, long ticks, CancellationToken cancellationToken)
    {
        var delay = clock.Delays.Get();
        var version = delay._core.Version;
        delay._word = clock.WordAfter(ticks);
        delay.Arm(delay._word);
        if (cancellationToken.CanBeCanceled)
        {
            // Stored before the wait can be over for its awaiter, who has not been given the task yet.
            delay._registration = cancellationToken.UnsafeRegister(static state => ((PendingDelay)state!).TryComplete(Cancelled), delay);
        }

        return new ValueTask(delay, version);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        var detached = _registration == default || _registration.Unregister();
        if (_state == Due && detached)
        {
            _registration = default;
            _core.Reset();
            Volatile.Write(ref _state, Waiting);
            _clock.Delays.Return(this);
            return;
        }

        // Cancelled, or a late cancellation may still arrive: the object is not used again.
        if (_state == Due || TryDisarm(_word))
        {
            LeaveTable();
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected internal override void OnDue()
    {
        if (!TryComplete(Due))
        {
            // The cancellation was first and could not disarm the item any more.
            LeaveTable();
        }
    }

    private bool TryComplete(int how)
    {
        if (Interlocked.CompareExchange(ref _state, how, Waiting) != Waiting)
        {
            return false;
        }

        _core.SetResult(true);
        return true;
    }

    internal sealed class Policy(Clock clock) : PooledObjectPolicy<PendingDelay>
    {
        public override PendingDelay Create() => new(clock);

        public override bool Return(PendingDelay obj) => true;
    }
}
