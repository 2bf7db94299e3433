namespace Resilience;

/// <summary>The ambient state of this thread, to be put back when foreign code has run on it.</summary>
internal readonly ref struct FlowGuard
{
    private readonly ExecutionContext? _flow;
    private readonly bool _wasSuppressed;

    private FlowGuard(ExecutionContext? flow, bool wasSuppressed)
    {
        _flow = flow;
        _wasSuppressed = wasSuppressed;
    }

    internal static FlowGuard Enter()
    {
        var flow = ExecutionContext.Capture();
        if (flow is not null)
        {
            return new FlowGuard(flow, false);
        }

        // A flow that is suppressed shows its state to nobody. It is suppressed again before anything runs.
        ExecutionContext.RestoreFlow();
        flow = ExecutionContext.Capture();
        ExecutionContext.SuppressFlow();
        return new FlowGuard(flow, true);
    }

    /// <summary>Whether that is the flow in which the thread was.</summary>
    internal bool IsIn(ExecutionContext flow) => _flow == flow && !_wasSuppressed;

    /// <summary>Puts back what was there. On the thread that entered.</summary>
    internal void Exit()
    {
        if (_flow is null)
        {
            return;
        }

        if (_wasSuppressed || _flow != ExecutionContext.Capture())
        {
            ExecutionContext.Restore(_flow);
            if (_wasSuppressed)
            {
                ExecutionContext.SuppressFlow();
            }
        }
    }
}
