namespace Resilience;

/// <summary>A strategy refused the call, so the callback did not run (again). Thrown at the edge of a pipeline only.</summary>
public sealed class RejectedException : Exception
{
    /// <summary>The exception form of a rejection.</summary>
    /// <param name="rejection">Who refused, why, and when to try again.</param>
    public RejectedException(Rejection rejection)
        : base(rejection.ToString()) => Rejection = rejection;

    /// <summary>Who refused, why, and when to try again.</summary>
    public Rejection Rejection { get; }

    /// <summary>Why the call was refused.</summary>
    public RejectionReason Reason => Rejection.Reason;

    /// <summary>The time after which another call may be let through; zero when unknown.</summary>
    public TimeSpan RetryAfter => Rejection.RetryAfter;
}
