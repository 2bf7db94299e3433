using System.Threading.Tasks.Sources;

namespace Resilience;

/// <summary>A wait on the sweeper, pooled: over when its time has come or its token is cancelled, whichever is first. It never fails.</summary>
/// <remarks>Awaited once. Not safe for concurrent awaits.</remarks>
/// <typeparam name="TI">How accesses are ordered; <see cref="Production"/> outside of tests.</typeparam>
internal sealed class PendingDelay<TI> : DeadlineItem<TI>, IValueTaskSource
    where TI : struct, IInterleaving
{
    private const int Waiting = 0;
    private const int Due = 1;
    private const int Cancelled = 2;
    private readonly ItemPool<PendingDelay<TI>> _home;
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private long _word;
    private int _state;

    internal PendingDelay(Sweeper<TI> sweeper, ItemPool<PendingDelay<TI>> home)
        : base(sweeper) => _home = home;

    /// <summary>A wait until <paramref name="word"/>, or until <paramref name="cancellationToken"/> is cancelled.</summary>
    internal static ValueTask Start(ItemPool<PendingDelay<TI>> home, long word, CancellationToken cancellationToken)
    {
        var delay = home.Take();
        var version = delay._core.Version;
        delay._word = word;
        delay.Arm(word);
        if (cancellationToken.CanBeCanceled)
        {
            // Stored before the wait can be over for its awaiter, who has not been given the task yet.
            delay._registration = cancellationToken.UnsafeRegister(static state => ((PendingDelay<TI>)state!).TryComplete(Cancelled), delay);
        }

        return new ValueTask(delay, version);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        var detached = _registration == default || _registration.Unregister();
        _registration = default;
        if (_state != Due)
        {
            // Not used again: a claimed OnDue may still come, and then gives the place back itself.
            if (TryDisarm(_word))
            {
                LeaveTable();
            }

            return;
        }

        if (!detached)
        {
            // Not used again: a late cancellation may still come.
            LeaveTable();
            return;
        }

        _core.Reset();
        TI.Point(30);
        Volatile.Write(ref _state, Waiting);
        if (!_home.TryReturn(this))
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
        TI.Point(31);
        if (Interlocked.CompareExchange(ref _state, how, Waiting) != Waiting)
        {
            return false;
        }

        TI.Point(32);
        _core.SetResult(true);
        return true;
    }
}
