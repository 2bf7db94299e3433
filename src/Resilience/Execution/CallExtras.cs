using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>
/// What only some calls need: a context, a wait, an inner or an outer call. Pooled, and rented when first asked for; a call of a race has one
/// for certain, and its suspended call keeps that.
/// </summary>
internal sealed class CallExtras
{
    internal const int Nowhere = -1;

    private static readonly ObjectPool<CallExtras> s_pool =
        new DefaultObjectPool<CallExtras>(new DefaultPooledObjectPolicy<CallExtras>(), PoolLimits.Retained);

    // By position, for timeouts that vary; kept when the object goes back to its pool, since each is noted anew before it is read.
    private TimeSpan[]? _timeouts;
    private bool _isKept;

    internal CallContext? Context { get; set; }

    /// <summary>What the call waits for in place of its callback: the part that a wrapping strategy runs, or a race of attempts.</summary>
    internal PendingPart? Wrapped { get; set; }

    /// <summary>The inner call of which this call is a child.</summary>
    internal InnerCall? Parent { get; set; }

    /// <summary>The attempt of a race that this call is.</summary>
    internal HedgeAttempt? Attempt { get; set; }

    /// <summary>The context outside of a hedging strategy, from which each attempt has one apart.</summary>
    internal CallContext? Outer { get; set; }

    internal ValueTask Waiting { get; set; }

    internal long WaitTicks { get; set; }

    /// <summary>Whether the wait stands for the callee's own time: one that the deadline cuts short is a timeout of the callee.</summary>
    internal bool WaitsAsCallee { get; set; }

    /// <summary>The position of the strategy that said what to wait for.</summary>
    internal int WaitPosition { get; set; } = Nowhere;

    internal long DelayTicks { get; set; }

    /// <summary>The position of the strategy that set the delay.</summary>
    internal int DelayPosition { get; set; }

    /// <summary>The verdict of a strategy's own classifier, while that strategy waits on the way out.</summary>
    internal Verdict OwnVerdict { get; set; }

    internal static CallExtras Rent() => s_pool.Get();

    /// <summary>One that its owner keeps when the call has ended.</summary>
    internal static CallExtras Keep() => new() { _isKept = true };

    internal void NoteTimeout(int position, TimeSpan timeout) =>
        (_timeouts ??= new TimeSpan[PipelineCore.MaxStrategies])[position] = timeout;

    /// <summary>Takes over what another call has noted, of which this one is a part, or the whole.</summary>
    internal void CopyTimeouts(CallExtras other) =>
        other._timeouts?.CopyTo(_timeouts ??= new TimeSpan[PipelineCore.MaxStrategies], 0);

    internal TimeSpan NotedTimeout(int position) => _timeouts![position];

    internal void End()
    {
        // In this order: a part's context reaches that of the whole, which its parent keeps.
        Context?.End();
        Parent?.Release();
        Context = null;
        Wrapped = null;
        Parent = null;
        Attempt = null;
        Outer = null;
        Waiting = default;
        WaitTicks = 0;
        WaitsAsCallee = false;
        WaitPosition = Nowhere;
        DelayTicks = 0;
        if (!_isKept)
        {
            s_pool.Return(this);
        }
    }
}
