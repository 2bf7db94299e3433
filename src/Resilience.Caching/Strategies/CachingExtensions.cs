namespace Resilience.Caching;

/// <summary>Puts caches into pipelines.</summary>
public static class CachingExtensions
{
    /// <summary>
    /// Adds a cache: a call whose operation name has a fresh value ends here; others that ask for the same name at once share one call of what is
    /// inside. Calls without an operation name pass.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="cache">The cache, with the pipeline's time provider.</param>
    /// <param name="entryOptions">How long results live; null: as the cache's options say.</param>
    /// <param name="name">The strategy's name.</param>
    /// <exception cref="ArgumentException">
    /// The cache goes on in the background, by a soft timeout or by refreshing ahead: what is inside a pipeline ends with its call.
    /// </exception>
    public static PipelineBuilder<T> AddCache<T>(
        this PipelineBuilder<T> builder, ResilientCache<string, T> cache, CacheEntryOptions? entryOptions = null, string name = "cache")
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(cache);
        if (cache.Options.Creation.SoftTimeout is not null || (entryOptions ?? cache.Options.Entry).RefreshAfter is not null)
        {
            throw new ArgumentException(
                $"{nameof(CacheCreation.SoftTimeout)} and {nameof(CacheEntryOptions.RefreshAfter)} are null in a pipeline: what is inside it ends with its call.",
                nameof(cache));
        }

        entryOptions?.Validate(nameof(entryOptions));
        return builder.Add(new CachingStrategy<T>(cache, entryOptions, name));
    }

    /// <summary>
    /// Adds a fallback to the last good result under the call's operation name, while it is fresh or may be served stale. Calls without an
    /// operation name pass.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="cache">Where results are kept.</param>
    /// <param name="entryOptions">How long results live; null: as the cache's options say.</param>
    /// <param name="name">The strategy's name.</param>
    public static PipelineBuilder<T> AddStaleFallback<T>(
        this PipelineBuilder<T> builder, ResilientCache<string, T> cache, CacheEntryOptions? entryOptions = null, string name = "stale fallback")
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(cache);
        entryOptions?.Validate(nameof(entryOptions));
        return builder.Add(new StaleFallbackStrategy<T>(cache, entryOptions, name));
    }
}
