namespace Resilience.Caching;

/// <summary>
/// Keeps each result under its call's operation name, and puts the last one in the place of a failure for as long as it may be served stale.
/// </summary>
internal sealed class StaleFallbackStrategy<T>(ResilientCache<string, T> cache, CacheEntryOptions? entry, string name) : Strategy<T>(name)
{
    /// <inheritdoc/>
    public override object? Options => cache.Options;

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome)
    {
        if (frame.OperationName is not { } key)
        {
            return Exit.Continue;
        }

        // A result that says itself that it is no good is not kept.
        if (outcome.HasResult && frame.Verdict.Health == Health.Good)
        {
            cache.Set(key, outcome.ResultOrDefault!, entry);
            return Exit.Continue;
        }

        if (frame.CancellationToken.IsCancellationRequested || !cache.TryGetStale(key, out var value))
        {
            return Exit.Continue;
        }

        outcome = Outcome.FromResult(value);
        return Exit.Replace;
    }
}
