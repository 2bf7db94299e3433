namespace Resilience;

/// <summary>
/// A timeout whose caller does not wait for the callee. The inner part runs as a call of its own, under the lowered deadline, so that its
/// token is cancelled as with any other timeout; if it has not ended by then, the outcome is the deadline's.
/// </summary>
internal sealed class AbandoningTimeoutStrategy(TimeoutOptions options, TimeoutSource source, AbandonedCalls abandoned)
    : WrappingStrategy(options.Name)
{
    /// <inheritdoc/>
    public override object Options => options;

    internal override bool LeavesAttempts => true;

    internal override bool NeedsFineClock => source.NeedsFineClock;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => source.RunsForeignCode;

    /// <inheritdoc/>
    protected internal override ValueTask<Outcome<T>> ExecuteAsync<T>(Inner<T> inner)
    {
        var call = inner.Hold();
        try
        {
            var timeout = source.Next(new TimeoutRequest(call.Attempt, call.Context?.OperationName));
            call.LowerDeadline(timeout, new DeadlineOrigin(Name, timeout));
        }
        catch
        {
            call.Release();
            throw;
        }

        // The run takes over the hold, and may have given it up by the time that it returns. The pipeline has another until the outcome is there.
        var run = call.RunAsync(call.CallerToken);
        return run.IsCompleted || (call.Deadline == CallFrame.NoDeadline && !call.CallerToken.CanBeCanceled)
            ? run
            : AbandonableRun<T, Production>.Start(call, run, abandoned, call.Core.Clock.Sweeper);
    }
}
