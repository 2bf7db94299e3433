using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// One call under way, as its strategies see it: verdict, error, attempt number, deadline and clock. It lives on the caller's stack until
/// the call suspends and is only ever handed on by reference. Not safe for concurrent use: one call, one frame.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "A frame is never compared.")]
public partial struct CallFrame
{
    internal const long NoDeadline = long.MaxValue;
    internal const int CallersDeadline = -1;

    // What every call needs, and no more: a frame is cleared anew for each, and 8 bytes less are measured in pipeline.empty.
    internal readonly PipelineCore Core;

    // Not readonly: inside a hedging strategy it is the attempt's own, which is also cancelled when another attempt wins.
    internal CancellationToken CallerToken;
    internal DeadlineSource? Source;
    internal Fault Fault;
    internal long Deadline;
    private CallPlace _place;
    private CallExtras? _extras;
    private Verdict _verdict;
    private long _now;
    private CallProgress _progress;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CallFrame(PipelineCore core, CancellationToken callerToken)
    {
        Core = core;
        CallerToken = callerToken;
        Deadline = NoDeadline;
    }

    /// <summary>A child call: what is inside <paramref name="inner"/>'s position, with what is left of its deadline.</summary>
    internal CallFrame(InnerCall inner, CancellationToken callerToken)
    {
        Core = inner.Core;
        CallerToken = callerToken;
        Start = (byte)(inner.Position + 1);
        Position = Start;
        Deadline = inner.Deadline;
        DeadlineOwner = (sbyte)inner.DeadlineOwner;
        _progress.Attempt = inner.Attempt;
        _progress.Reason = inner.Reason;
        Extras.Parent = inner;
    }

    /// <summary>What the outcome that is passing means. On the way in: that of the attempt before, or success.</summary>
    public readonly Verdict Verdict => _verdict;

    /// <summary>Whether the outcome that is passing is an exception or a rejection.</summary>
    public readonly bool IsFaulted => Fault.Exists;

    /// <summary>The exception that is passing; null for a result and for a rejection.</summary>
    public readonly Exception? Exception => Fault.Exception;

    /// <summary>Whether the outcome that is passing is a rejection.</summary>
    public readonly bool IsRejected => Fault.IsRejection;

    /// <summary>The rejection that is passing, if any.</summary>
    public readonly Rejection? Rejection => Fault.IsRejection ? Fault.Rejection : null;

    /// <summary>The number of the attempt under way, from 0: how many times the callback was started before.</summary>
    public readonly int Attempt => _progress.Attempt;

    /// <summary>Why the attempt under way is made.</summary>
    public readonly AttemptReason Reason => _progress.Reason;

    /// <summary>The caller's name for the operation, if it brought a context that has one.</summary>
    public readonly string? OperationName => ContextOrNull?.OperationName;

    /// <summary>
    /// The pipeline's monotonic time, from an arbitrary origin. Read once on the way in and once on the way out of an attempt, however
    /// many strategies ask.
    /// </summary>
    public TimeSpan Now => new(Ticks);

    /// <summary>The time left until the nearest deadline; <see cref="Timeout.InfiniteTimeSpan"/> when there is none, never negative.</summary>
    public TimeSpan Remaining => Deadline == NoDeadline ? Timeout.InfiniteTimeSpan : new TimeSpan(Math.Max(0, Deadline - Ticks));

    /// <summary>The wait before the next attempt, set by a strategy that answers <see cref="Exit.Again"/>; zero by default.</summary>
    public TimeSpan Delay
    {
        // What one strategy set and did not use is not another's.
        readonly get => _extras is { } extras && extras.DelayPosition == Position ? new TimeSpan(extras.DelayTicks) : TimeSpan.Zero;
        set
        {
            // The immediate retry needs no extras.
            if (value > TimeSpan.Zero || _extras is not null)
            {
                Extras.DelayTicks = Math.Max(0, value.Ticks);
                Extras.DelayPosition = Position;
            }
        }
    }

    /// <summary>The context of the call, showing where it stands now; made when first asked for.</summary>
    public CallContext Context
    {
        get
        {
            var context = _extras?.Context ?? CreateContext();
            context.Update(ref this, CancellationToken);
            return context;
        }
    }

    /// <summary>
    /// A token that is cancelled when the caller cancels or the deadline of this level passes. It is live even if a deadline further in
    /// has fired, and ends with the attempt: do not keep it.
    /// </summary>
    public CancellationToken CancellationToken => Deadline == NoDeadline ? CallerToken : (Source ??= DeadlineSource.Rent(Core, Deadline, CallerToken)).Token;

    internal long Ticks
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _now != 0 ? _now : (_now = Core.ReadClock());
    }

    /// <summary>The clock reading at hand, or negative.</summary>
    internal readonly long TicksIfRead => _now != 0 ? _now : -1;

    internal readonly PendingPart? Wrapped => _extras?.Wrapped;

    /// <summary>The call's context, or that of the call of which it is a part.</summary>
    internal readonly CallContext? ContextOrNull => _extras is { } extras ? extras.Context ?? extras.Outer ?? extras.Parent?.Context : null;

    /// <summary>What few calls need; rented when first asked for.</summary>
    internal CallExtras Extras => _extras ??= CallExtras.Rent();

    internal readonly bool IsAgainForbidden => ContextOrNull is { IsAgainForbidden: true };

    /// <summary>Whether a wait of <paramref name="delay"/>, with the rounding of the clock, would end before the level's deadline.</summary>
    /// <param name="delay">How long; not negative.</param>
    public bool HasTimeFor(TimeSpan delay) => Deadline == NoDeadline || Core.Clock.WaitReach(delay.Ticks) < Deadline - Ticks;

    /// <summary>Refuses the call; answer with what this returns.</summary>
    /// <param name="source">The strategy that refuses.</param>
    /// <param name="reason">Why.</param>
    /// <param name="retryAfter">When another call may be let through; zero when unknown.</param>
    public Entry Refuse(Strategy source, RejectionReason reason, TimeSpan retryAfter = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        Fault = new Fault(source, reason, retryAfter);
        return Entry.Refuse;
    }

    /// <summary>
    /// Makes <paramref name="exception"/> the outcome. Answer <see cref="Entry.Finish"/> on the way in, <see cref="Exit.Replace"/> on the
    /// way out. It need not have been thrown.
    /// </summary>
    /// <param name="exception">The exception.</param>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Fault = new Fault(exception);
    }

    /// <summary>Asks for a wait of <paramref name="delay"/>, cut short by the caller's cancellation and the deadline. Answer "wait".</summary>
    /// <param name="delay">How long; negative counts as zero.</param>
    public void WaitFor(TimeSpan delay)
    {
        Extras.WaitTicks = Math.Max(0, delay.Ticks);
        Extras.Waiting = default;
        Extras.WaitPosition = Position;
    }

    /// <summary>
    /// Asks to wait for <paramref name="signal"/>, which must itself heed <see cref="CancellationToken"/>. Answer "wait". If it fails, so
    /// does the call.
    /// </summary>
    /// <param name="signal">What to wait for; awaited once.</param>
    public void WaitFor(ValueTask signal)
    {
        Extras.WaitTicks = 0;
        Extras.Waiting = signal;
        Extras.WaitPosition = Position;
    }

    /// <summary>
    /// The caller has cancelled: a cancellation that names another token, such as the attempt's, is told as one of the caller's, with the
    /// other inside. So he can tell it by his token.
    /// </summary>
    internal void NameCaller()
    {
        if (Fault.Exception is OperationCanceledException cancelled && cancelled.CancellationToken != CallerToken)
        {
            Fault = new Fault(cancelled is TaskCanceledException
                ? new TaskCanceledException(cancelled.Message, cancelled, CallerToken)
                : new OperationCanceledException(cancelled.Message, cancelled, CallerToken));
        }
    }
}
