namespace Resilience.Caching;

/// <summary>How a cache creates the values that it does not have. Checked once, when the cache is made.</summary>
public sealed record CacheCreation
{
    /// <summary>
    /// What every call of a factory goes through: retry, breaker, timeout. It runs once for all who wait for the value. Null: the factory alone.
    /// </summary>
    public Pipeline? Pipeline { get; init; }

    /// <summary>Whether a stale value is served when the factory fails; see <see cref="CacheEntryOptions.StaleFor"/>.</summary>
    public bool ServesStaleOnFailure { get; init; } = true;

    /// <summary>
    /// After how long a stale value is served while the factory goes on in the background: from zero, at once, to a day. Null: the factory is
    /// waited for.
    /// </summary>
    public TimeSpan? SoftTimeout { get; init; }

    /// <summary>
    /// How long a failure is remembered, so that the factory is not called again: above zero, at most a day. Null: failures are not remembered.
    /// </summary>
    public TimeSpan? FailureTimeToLive { get; init; }

    /// <summary>Whether the durations of factory calls are recorded; see <see cref="ResilientCache{TKey, TValue}.CreationLatency"/>.</summary>
    public bool MeasuresLatency { get; init; }

    internal void Validate(string option)
    {
        if (SoftTimeout is { } soft && (soft < TimeSpan.Zero || soft > TimeSpan.FromDays(1)))
        {
            throw new ArgumentException($"{option}.{nameof(SoftTimeout)} is from zero to a day, or null, not {soft}.", option);
        }

        if (FailureTimeToLive is { } life && (life <= TimeSpan.Zero || life > TimeSpan.FromDays(1)))
        {
            throw new ArgumentException($"{option}.{nameof(FailureTimeToLive)} is above zero and at most a day, or null, not {life}.", option);
        }
    }
}
