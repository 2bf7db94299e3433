using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Answers "again" while the verdict asks for it, retries are left, the wait fits into the deadline and the budget grants it. Otherwise the
/// last real outcome goes on at once.
/// </summary>
/// <typeparam name="TPurse">The side of a budget, or <see cref="NoPurse"/>, of which nothing is left in the machine code.</typeparam>
/// <remarks>The slot keeps the number of retries made, the state of the backoff, and what the purse keeps of the call.</remarks>
internal sealed class RetryStrategy<TPurse>(RetryOptions options, TPurse purse) : Strategy(options.Name)
    where TPurse : struct, IRetryPurse
{
    private readonly TPurse _purse = purse;
    private readonly int _maxRetries = options.MaxRetries;
    private readonly int _keptOutcomes = options.KeptOutcomes;
    private readonly bool _isImmediate = ReferenceEquals(options.Backoff, Backoff.None);
    private readonly Backoff _backoff = options.Backoff;
    private readonly IPercentileTracker? _latency = options.Latency;
    private readonly Func<RetryEvent, ValueTask>? _onRetry = options.OnRetry;
    private readonly Action<RetryGiveUp>? _onGiveUp = options.OnGiveUp;

    /// <inheritdoc/>
    public override object Options => options;

    /// <inheritdoc/>
    public override TimeProvider? TimeProvider => _purse.TimeProvider;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode =>
        _onRetry is not null || _onGiveUp is not null || _backoff.IsGenerated || _purse.IsForeign
        || _latency is not (null or PercentileTracker or CountPercentileTracker);

    internal override bool IgnoresSuccess => !HasPurse;

    internal override int RetriesAtOnce => HasPurse || !_isImmediate || _onRetry is not null || _keptOutcomes > 0 ? 0 : _maxRetries;

    // A type that is fixed when the machine code is made: the branches that ask are not in it.
    private static bool HasPurse => typeof(TPurse) != typeof(NoPurse);

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
    {
        _purse.OnStart();
        return Entry.Go;
    }

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        if (frame.Verdict.Again != Again.No)
        {
            return HasPurse ? Balanced(ref frame, ref slot, resumed: false) : Consider(ref frame, ref slot);
        }

        if (HasPurse)
        {
            End(ref frame, ref slot);
        }

        return Exit.Continue;
    }

    /// <inheritdoc/>
    protected internal override Exit ResumeLeave(ref CallFrame frame, ref Slot slot) =>
        HasPurse ? Balanced(ref frame, ref slot, resumed: true) : AgainUnlessStopped(ref frame, ref slot);

    // Whatever is thrown on the way, the budget is told of the call's end, once.
    private Exit Balanced(ref CallFrame frame, ref Slot slot, bool resumed)
    {
        Exit exit;
        try
        {
            exit = resumed ? AgainUnlessStopped(ref frame, ref slot) : Consider(ref frame, ref slot);
        }
        catch
        {
            _purse.OnEnd(ref slot, success: false);
            throw;
        }

        if (exit == Exit.Continue)
        {
            _purse.OnEnd(ref slot, frame.Verdict.Health == Health.Good);
        }

        return exit;
    }

    private void End(ref CallFrame frame, ref Slot slot)
    {
        try
        {
            _purse.OnAttempt(ref frame, ref slot);
        }
        finally
        {
            _purse.OnEnd(ref slot, frame.Verdict.Health == Health.Good);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Exit Consider(ref CallFrame frame, ref Slot slot)
    {
        _purse.OnAttempt(ref frame, ref slot);
        var retries = (int)slot.First;
        if (retries >= _maxRetries)
        {
            return GiveUp(ref frame, GiveUpReason.RetriesSpent);
        }

        if (frame.IsRejected && !options.RetryRejections)
        {
            return GiveUp(ref frame, GiveUpReason.Rejected);
        }

        var retryAfter = frame.Verdict.RetryAfter;
        if (retryAfter > options.MaxRetryAfter)
        {
            return GiveUp(ref frame, GiveUpReason.RetryAfterTooLong);
        }

        if (frame.CallerToken.IsCancellationRequested)
        {
            return GiveUp(ref frame, GiveUpReason.Cancelled);
        }

        var delay = _isImmediate ? TimeSpan.Zero : _backoff.GetDelay(retries, ref Unsafe.As<long, BackoffState>(ref slot.Second));
        delay = delay < retryAfter ? retryAfter : delay;
        if (!HasTimeFor(ref frame, delay))
        {
            return GiveUp(ref frame, GiveUpReason.NoTimeLeft);
        }

        if (!_purse.TryWithdraw(ref frame, ref slot))
        {
            return GiveUp(ref frame, GiveUpReason.BudgetSpent);
        }

        slot.First++;
        frame.Delay = delay;
        return _onRetry is null ? TryAgain(ref frame, ref slot) : CallHook(ref frame, ref slot, _onRetry);
    }

    private Exit CallHook(ref CallFrame frame, ref Slot slot, Func<RetryEvent, ValueTask> onRetry)
    {
        var hook = onRetry(new RetryEvent(ref frame));
        if (hook.IsCompletedSuccessfully)
        {
            hook.GetAwaiter().GetResult();
            frame.RefreshClock();
            return AgainUnlessStopped(ref frame, ref slot);
        }

        if (frame.IsSynchronous && !hook.IsCompleted)
        {
            throw frame.CannotBlock();
        }

        frame.WaitFor(_purse.Watch(hook, ref slot));
        return Exit.Wait;
    }

    // The hook took its time: what the retry decided before is decided again.
    private Exit AgainUnlessStopped(ref CallFrame frame, ref Slot slot)
    {
        _purse.ThrowIfFailed(ref slot);
        return frame.CallerToken.IsCancellationRequested ? GiveUp(ref frame, GiveUpReason.Cancelled)
            : !HasTimeFor(ref frame, frame.Delay) ? GiveUp(ref frame, GiveUpReason.NoTimeLeft)
            : frame.IsAgainForbidden ? GiveUp(ref frame, GiveUpReason.Forbidden)
            : TryAgain(ref frame, ref slot);
    }

    private Exit TryAgain(ref CallFrame frame, ref Slot slot)
    {
        if (_keptOutcomes > 0)
        {
            frame.Context.Keep(new EarlierOutcome(ref frame), _keptOutcomes);
        }

        _purse.OnAgain(ref slot);
        return CallTurn.DecidedAgain;
    }

    private bool HasTimeFor(ref CallFrame frame, TimeSpan delay)
    {
        if (_latency is null || frame.Deadline == CallFrame.NoDeadline)
        {
            return frame.HasTimeFor(delay);
        }

        var usual = _latency.GetPercentile(0.5);
        return frame.HasTimeFor(usual >= Backoff.MaxDelay - delay ? Backoff.MaxDelay : usual > TimeSpan.Zero ? delay + usual : delay);
    }

    private Exit GiveUp(ref CallFrame frame, GiveUpReason reason)
    {
        frame.Delay = TimeSpan.Zero;
        frame.ContextOrNull?.NoteGiveUp(reason);
        if (_onGiveUp is not null)
        {
            frame.Context.NoteGiveUp(reason);
            _onGiveUp(new RetryGiveUp(ref frame, reason));
        }

        return Exit.Continue;
    }
}
