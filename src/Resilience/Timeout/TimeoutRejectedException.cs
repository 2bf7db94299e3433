namespace Resilience;

/// <summary>A deadline ended the call, or passed before an attempt could start.</summary>
public sealed class TimeoutRejectedException : TimeoutException
{
    private TimeoutRejectedException(string message, string deadlineOwner, TimeSpan timeout, Exception? inner)
        : base(message, inner)
    {
        DeadlineOwner = deadlineOwner;
        Timeout = timeout;
    }

    /// <summary>Whose deadline it was: the name of the timeout strategy, or "caller".</summary>
    public string DeadlineOwner { get; }

    /// <summary>The time that the owner had set.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The exception for the deadline of <paramref name="frame"/>.</summary>
    /// <param name="frame">The call.</param>
    /// <param name="callees">How the callee answered its cancellation; null if it was not running.</param>
    internal static TimeoutRejectedException For(ref CallFrame frame, Exception? callees)
    {
        var (owner, timeout) = frame.DeadlineOwner == CallFrame.CallersDeadline
            ? ("caller", frame.ContextOrNull?.Timeout ?? TimeSpan.Zero)
            : (frame.Core.Strategies[frame.DeadlineOwner].Name, frame.Core.Strategies[frame.DeadlineOwner].OwnTimeout);
        return new TimeoutRejectedException(
            $"The call did not end within {DurationText.Of(timeout)}, the time set by '{owner}'.", owner, timeout, callees);
    }
}
