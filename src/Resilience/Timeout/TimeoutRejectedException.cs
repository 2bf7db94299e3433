namespace Resilience;

/// <summary>A deadline ended the call, or passed before an attempt could start.</summary>
public sealed class TimeoutRejectedException : TimeoutException
{
    /// <summary>The exception for a deadline that has passed.</summary>
    /// <param name="origin">Whose it was.</param>
    /// <param name="callees">How the callee answered its cancellation; null if it was not running, or has not answered.</param>
    internal TimeoutRejectedException(DeadlineOrigin origin, Exception? callees)
        : base($"The call did not end within {DurationText.Of(origin.Timeout)}, the time set by '{origin.Owner}'.", callees)
    {
        DeadlineOwner = origin.Owner;
        Timeout = origin.Timeout;
    }

    /// <summary>Whose deadline it was: the name of the timeout strategy, or "caller".</summary>
    public string DeadlineOwner { get; }

    /// <summary>The time that the owner had set.</summary>
    public TimeSpan Timeout { get; }
}
