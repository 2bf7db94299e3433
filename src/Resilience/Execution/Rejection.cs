namespace Resilience;

/// <summary>A refusal, as a value: who refused, why, and when to try again.</summary>
public readonly struct Rejection : IEquatable<Rejection>
{
    internal Rejection(Strategy source, RejectionReason reason, TimeSpan retryAfter)
    {
        Source = source;
        Reason = reason;
        RetryAfter = retryAfter;
    }

    /// <summary>The strategy that refused.</summary>
    public Strategy Source { get; }

    /// <summary>Why it refused.</summary>
    public RejectionReason Reason { get; }

    /// <summary>The time after which another call may be let through; zero when unknown.</summary>
    public TimeSpan RetryAfter { get; }

    /// <inheritdoc/>
    public bool Equals(Rejection other) =>
        ReferenceEquals(Source, other.Source) && Reason == other.Reason && RetryAfter == other.RetryAfter;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Rejection other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Reason, RetryAfter);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = $"{Source?.Name} refused the call: {Reason}";
        return RetryAfter == TimeSpan.Zero ? text : $"{text}, try again after {RetryAfter.TotalSeconds:0.###} s";
    }

    /// <summary>Whether two rejections say the same.</summary>
    public static bool operator ==(Rejection left, Rejection right) => left.Equals(right);

    /// <summary>Whether two rejections differ.</summary>
    public static bool operator !=(Rejection left, Rejection right) => !left.Equals(right);
}
