namespace Resilience;

/// <summary>
/// The deadline that flows with the <see cref="ExecutionContext"/>, where a pipeline offers one: see
/// <see cref="DeadlineFlowExtensions.AddDeadlineFlow{TBuilder}"/>. Reading it allocates nothing.
/// </summary>
public static class Deadline
{
    /// <summary>The time left until then, never negative; <see cref="Timeout.InfiniteTimeSpan"/> where no deadline flows.</summary>
    public static TimeSpan Remaining => FlowingDeadline.Current?.Remaining ?? Timeout.InfiniteTimeSpan;

    /// <summary>Whose deadline it is: the name of a timeout strategy, or "caller"; null where no deadline flows.</summary>
    public static string? Owner => FlowingDeadline.Current?.Origin.Owner;
}
