using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>
/// The cancellation of one attempt inside a hedging strategy, by the caller or because another attempt won, and what the call had outside
/// of it. Reused only when nothing can cancel it any more.
/// </summary>
/// <remarks>Renting and releasing allocate nothing once warm. One attempt at a time.</remarks>
internal sealed class AttemptSource
{
    private static readonly ObjectPool<AttemptSource> s_pool =
        new DefaultObjectPool<AttemptSource>(new DefaultPooledObjectPolicy<AttemptSource>(), PoolLimits.Retained);

    [ThreadStatic]
    private static AttemptSource? s_idle;

    // Replaced once it is cancelled, when nothing can cancel it any more.
    private CancellationTokenSource _cancellation = new();
    private CancellationTokenRegistration _registration;
    private bool _isReusable;

    /// <summary>The attempt's token.</summary>
    internal CancellationToken Token => _cancellation.Token;

    /// <summary>The token outside.</summary>
    internal CancellationToken OuterToken { get; private set; }

    /// <summary>
    /// How long the attempt may take before another starts beside it, in ticks: zero for no time, negative for ever. Asked when the call first
    /// waits for the attempt.
    /// </summary>
    internal long Delay { get; private set; }

    /// <summary>The word at which that time is over; zero if there is none.</summary>
    internal long Due { get; private set; }

    internal bool IsTimed { get; private set; }

    internal long Deadline { get; set; }

    internal int DeadlineOwner { get; set; }

    /// <summary>Whether the call had a context, so that the attempt has one apart.</summary>
    internal bool IsApart { get; set; }

    /// <summary>What stood in the call's extras, to be put back.</summary>
    internal CallContext? Context { get; set; }

    /// <inheritdoc cref="Context"/>
    internal CallContext? OuterContext { get; set; }

    /// <summary>A source that <paramref name="outer"/> cancels.</summary>
    /// <param name="outer">The token outside.</param>
    /// <param name="isReusable">Whether it may serve another attempt afterwards.</param>
    internal static AttemptSource Rent(CancellationToken outer, bool isReusable)
    {
        AttemptSource source;
        if (!isReusable)
        {
            source = new AttemptSource();
        }
        else if (s_idle is { } idle)
        {
            s_idle = null;
            source = idle;
        }
        else
        {
            source = s_pool.Get();
        }

        source.Begin(outer, isReusable);
        return source;
    }

    /// <summary>Begins the use of the source; its owner keeps one that was not rented.</summary>
    internal void Begin(CancellationToken outer, bool isReusable = true)
    {
        _isReusable = isReusable;
        IsTimed = false;
        if (outer.CanBeCanceled)
        {
            OuterToken = outer;
            _registration = outer.UnsafeRegister(static state => ((AttemptSource)state!)._cancellation.Cancel(), this);
        }
    }

    /// <summary>Cancels the attempt. What its callbacks throw has no caller to go to.</summary>
    internal void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
        }
    }

    /// <summary>The call waits for the attempt, which began just now or is hedged by no time.</summary>
    internal void Time(Clock clock, long delay)
    {
        Delay = delay;
        Due = delay > 0 ? clock.WordAfter(delay) : 0;
        IsTimed = true;
    }

    /// <summary>The source of the next attempt of the same call: this one, unless each is to have its own; null when it is cancelled.</summary>
    internal AttemptSource? Renew()
    {
        IsTimed = false;
        if (_isReusable)
        {
            return _cancellation.TryReset() ? this : null;
        }

        if (_cancellation.IsCancellationRequested)
        {
            return null;
        }

        var next = Rent(OuterToken, isReusable: false);
        (next.Deadline, next.DeadlineOwner) = (Deadline, DeadlineOwner);
        (next.IsApart, next.Context, next.OuterContext) = (IsApart, Context, OuterContext);
        Release();
        return next;
    }

    /// <summary>Ends the use of a source that was rented, whose token must no longer be in use.</summary>
    internal void Release()
    {
        if (!TryEnd())
        {
            return;
        }

        if (s_idle is null)
        {
            s_idle = this;
        }
        else
        {
            s_pool.Return(this);
        }
    }

    /// <summary>Ends the use of the source, whose token must no longer be in use. True if it may serve another attempt.</summary>
    internal bool TryEnd()
    {
        var isDetached = true;
        if (OuterToken.CanBeCanceled)
        {
            // Unregister, not Dispose: the latter waits for a callback that runs on another thread.
            isDetached = _registration.Unregister();
            _registration = default;
            OuterToken = default;
        }

        if (IsApart)
        {
            IsApart = false;
            Context = null;
            OuterContext = null;
        }

        if (!isDetached || !_isReusable)
        {
            return false;
        }

        if (!_cancellation.TryReset())
        {
            _cancellation = new CancellationTokenSource();
        }

        return true;
    }
}
