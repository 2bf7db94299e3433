using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;

namespace Resilience.Caching;

/// <content>As a distributed cache that is not distributed: every operation completes at once.</content>
public sealed partial class PayloadCache : IBufferDistributedCache
{
    /// <inheritdoc/>
    byte[]? IDistributedCache.Get(string key) => Get(NotNull(key));

    /// <inheritdoc/>
    Task<byte[]?> IDistributedCache.GetAsync(string key, CancellationToken token) =>
        token.IsCancellationRequested ? Task.FromCanceled<byte[]?>(token) : Task.FromResult(Get(NotNull(key)));

    /// <inheritdoc/>
    void IDistributedCache.Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        Set(key, value, Times(options));
    }

    /// <inheritdoc/>
    Task IDistributedCache.SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled(token);
        }

        ((IDistributedCache)this).Set(key, value, options);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    void IDistributedCache.Refresh(string key) => Refresh(NotNull(key));

    /// <inheritdoc/>
    Task IDistributedCache.RefreshAsync(string key, CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled(token);
        }

        Refresh(NotNull(key));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    void IDistributedCache.Remove(string key) => Remove(NotNull(key));

    /// <inheritdoc/>
    Task IDistributedCache.RemoveAsync(string key, CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled(token);
        }

        Remove(NotNull(key));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    bool IBufferDistributedCache.TryGet(string key, IBufferWriter<byte> destination) => TryGet(NotNull(key), destination);

    /// <inheritdoc/>
    ValueTask<bool> IBufferDistributedCache.TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token) =>
        token.IsCancellationRequested ? ValueTask.FromCanceled<bool>(token) : new ValueTask<bool>(TryGet(NotNull(key), destination));

    /// <inheritdoc/>
    void IBufferDistributedCache.Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) =>
        Set(key, value, Times(options));

    /// <inheritdoc/>
    ValueTask IBufferDistributedCache.SetAsync(
        string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(token);
        }

        Set(key, value, Times(options));
        return ValueTask.CompletedTask;
    }

    private static string NotNull(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key;
    }

    // Looking at a sliding entry prolongs it.
    private void Refresh(string key) => _ = _core.Find(key)?.IsFresh(_core.Clock);

    private CacheEntryOptions? Times(DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var life = options.AbsoluteExpirationRelativeToNow;
        if (life is null && options.AbsoluteExpiration is { } end)
        {
            life = end - Options.TimeProvider.GetUtcNow();
            if (life <= TimeSpan.Zero)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(options), end, $"{nameof(options.AbsoluteExpiration)} is {end:O}; it must be in the future.");
            }
        }

        return life is null && options.SlidingExpiration is null ? null : Options.Entry with
        {
            TimeToLive = Shortened(life),
            Sliding = Shortened(options.SlidingExpiration),
            Jitter = 0,

            // A share of a time to live that may not be given.
            RefreshAfter = life is null ? null : Options.Entry.RefreshAfter,
        };
    }

    // Others take "for ever" in years.
    private static TimeSpan? Shortened(TimeSpan? span) => span > CacheEntryOptions.Longest ? CacheEntryOptions.Longest : span;
}
