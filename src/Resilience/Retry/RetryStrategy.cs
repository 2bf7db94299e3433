using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Answers "again" while the verdict asks for it, retries are left, and the wait fits into the deadline. Otherwise the last real outcome
/// goes on at once.
/// </summary>
/// <remarks>The slot keeps the number of retries made and the state of the backoff.</remarks>
internal sealed class RetryStrategy(RetryOptions options) : Strategy(options.Name)
{
    private readonly int _maxRetries = options.MaxRetries;
    private readonly Backoff _backoff = options.Backoff;
    private readonly Func<RetryEvent, ValueTask>? _onRetry = options.OnRetry;

    /// <inheritdoc/>
    public override object Options => options;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => _onRetry is not null || _backoff.IsGenerated;

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot) =>
        frame.Verdict.Again == Again.No ? Exit.Continue : Consider(ref frame, ref slot);

    /// <inheritdoc/>
    protected internal override Exit ResumeLeave(ref CallFrame frame, ref Slot slot) => AgainIfTimeIsLeft(ref frame);

    // The hook took its time: what the retry decided before is decided again.
    private static Exit AgainIfTimeIsLeft(ref CallFrame frame)
    {
        if (!frame.CallerToken.IsCancellationRequested && frame.HasTimeFor(frame.Delay))
        {
            return Exit.Again;
        }

        frame.Delay = TimeSpan.Zero;
        return Exit.Continue;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Exit Consider(ref CallFrame frame, ref Slot slot)
    {
        if (slot.First >= _maxRetries
            || (frame.IsRejected && !options.RetryRejections)
            || frame.CallerToken.IsCancellationRequested)
        {
            return Exit.Continue;
        }

        var retryAfter = frame.Verdict.RetryAfter;
        if (retryAfter > options.MaxRetryAfter)
        {
            return Exit.Continue;
        }

        var delay = _backoff.GetDelay((int)slot.First, ref Unsafe.As<long, BackoffState>(ref slot.Second));
        delay = delay < retryAfter ? retryAfter : delay;
        if (!frame.HasTimeFor(delay))
        {
            return Exit.Continue;
        }

        slot.First++;
        frame.Delay = delay;
        return _onRetry is null ? Exit.Again : CallHook(ref frame);
    }

    private Exit CallHook(ref CallFrame frame)
    {
        var hook = _onRetry!(new RetryEvent(ref frame));
        if (hook.IsCompletedSuccessfully)
        {
            hook.GetAwaiter().GetResult();
            frame.RefreshClock();
            return AgainIfTimeIsLeft(ref frame);
        }

        frame.WaitFor(hook);
        return Exit.Wait;
    }
}
