namespace Resilience.Caching;

/// <summary>
/// Answers from a cache, and has what is missing created by what is inside it: once for all calls that ask meanwhile. The key is the call's
/// operation name; a call without one passes.
/// </summary>
internal sealed class CachingStrategy<T>(ResilientCache<string, T> cache, CacheEntryOptions? entry, string name) : WrappingStrategy<T>(name)
{
    /// <inheritdoc/>
    public override object? Options => cache.Options;

    /// <inheritdoc/>
    protected internal override ValueTask<Outcome<T>> ExecuteAsync(Inner<T> inner) =>
        inner.OperationName is { } key ? CachedAsync(key, inner) : inner.ExecuteAsync();

    private async ValueTask<Outcome<T>> CachedAsync(string key, Inner<T> inner)
    {
        try
        {
            return Outcome.FromResult(await cache.GetOrCreateAsync(
                key, inner, static async (inner, token) => (await inner.ExecuteAsync(token).ConfigureAwait(false)).GetResult(), entry,
                inner.CancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<T>(exception);
        }
    }
}
