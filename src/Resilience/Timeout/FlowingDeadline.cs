namespace Resilience;

/// <summary>A deadline on the flow, on the scale of the pipeline that offers it. Immutable.</summary>
internal sealed class FlowingDeadline(PipelineCore core, long deadline, DeadlineOrigin origin)
{
    private static readonly AsyncLocal<FlowingDeadline?> s_current = new();

    internal static FlowingDeadline? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    internal DeadlineOrigin Origin => origin;

    /// <summary>Never negative.</summary>
    internal TimeSpan Remaining => new(Math.Max(0, deadline - core.ReadClock()));
}
