namespace Resilience;

/// <summary>
/// Puts what is inside under the deadline that flows from outside, if that is nearer, and lets the nearest flow inside. The inner part is a
/// call of its own, which captures the flow when it suspends: so each attempt sees its own deadline, and nobody outside sees it.
/// </summary>
internal sealed class DeadlineFlowStrategy(string name) : WrappingStrategy(name)
{
    /// <inheritdoc/>
    public override bool SupportsSynchronousCalls => true;

    // Where a deadline may come from a pipeline with a fine one, the steps of the coarse clock should not blur it.
    internal override bool NeedsFineClock => true;

    /// <inheritdoc/>
    protected internal override ValueTask<Outcome<T>> ExecuteAsync<T>(Inner<T> inner)
    {
        var outside = FlowingDeadline.Current;
        var call = inner.Hold();
        if (IsOver(call, outside, out Outcome<T> timedOut))
        {
            return new ValueTask<Outcome<T>>(timedOut);
        }

        FlowingDeadline.Current = Nearest(call, outside);
        try
        {
            return call.RunAsync(call.CallerToken);
        }
        finally
        {
            FlowingDeadline.Current = outside;
        }
    }

    /// <inheritdoc/>
    protected internal override Outcome<T> Execute<T>(Inner<T> inner)
    {
        var outside = FlowingDeadline.Current;
        var call = inner.Hold();
        if (IsOver(call, outside, out Outcome<T> timedOut))
        {
            return timedOut;
        }

        FlowingDeadline.Current = Nearest(call, outside);
        try
        {
            return call.Run(call.CallerToken);
        }
        finally
        {
            FlowingDeadline.Current = outside;
        }
    }

    // What has no time left is not started. Like any attempt that a deadline stopped before its callback, it says nothing of the dependency.
    private static bool IsOver<T>(InnerCall<T> call, FlowingDeadline? outside, out Outcome<T> outcome)
    {
        outcome = default;
        if (outside is null || outside.Remaining > TimeSpan.Zero)
        {
            return false;
        }

        var exception = new TimeoutRejectedException(outside.Origin, null);
        call.Judge(exception, Verdict.Ignored);
        outcome = new Outcome<T>(default, new Fault(exception));
        call.Release();
        return true;
    }

    private static FlowingDeadline? Nearest(InnerCall call, FlowingDeadline? outside)
    {
        if (outside is not null && call.LowerDeadline(outside.Remaining, outside.Origin))
        {
            return outside;
        }

        return call.Deadline == CallFrame.NoDeadline ? null : new FlowingDeadline(call.Core, call.Deadline, call.DeadlineOrigin);
    }
}
