namespace Resilience.Caching;

/// <content>Values that are created when they are not there: one factory call a key, however many ask.</content>
public sealed partial class ResilientCache<TKey, TValue>
{
    /// <summary>The value of a key; created if it is not there or no longer fresh.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="state">Handed to the factory, so that it need not capture anything.</param>
    /// <param name="factory">
    /// Creates the value, once for all who ask meanwhile. Its token is cancelled when none of them waits any more; what it throws reaches all of them.
    /// </param>
    /// <param name="entryOptions">How long the value lives; null: by its kind, or as the cache's options say.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <remarks>
    /// A fresh value is returned at once and nothing is allocated. A value whose key is set or removed while it is created reaches those who wait,
    /// and is not stored.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public ValueTask<TValue> GetOrCreateAsync<TState>(
        TKey key, TState state, Func<TState, CancellationToken, ValueTask<TValue>> factory, CacheEntryOptions? entryOptions = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        if (_gets is not null && LatencySample.IsDue())
        {
            return GetOrCreateTimed(key, state, factory, entryOptions, cancellationToken);
        }

        var entry = _core.Find(key);
        if (IsHit(entry))
        {
            if (entry.Refreshes)
            {
                _flights.RefreshIfDue(entry, entry.Terms!, new Creation<TValue, TState>(state, factory, entryOptions));
            }

            return new ValueTask<TValue>(entry.Value);
        }

        return _flights.CreateAsync(entry, key, new Creation<TValue, TState>(state, factory, entryOptions), cancellationToken);
    }

    /// <summary>The value of a key; created if it is not there or no longer fresh.</summary>
    /// <param name="key">The key.</param>
    /// <param name="factory">Creates the value, once for all who ask meanwhile.</param>
    /// <param name="entryOptions">How long the value lives; null: by its kind, or as the cache's options say.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public ValueTask<TValue> GetOrCreateAsync(
        TKey key, Func<CancellationToken, ValueTask<TValue>> factory, CacheEntryOptions? entryOptions = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return GetOrCreateAsync(key, factory, static (create, token) => create(token), entryOptions, cancellationToken);
    }

    /// <summary>The values of many keys; those that are not there, and not on their way already, are created by one call.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="keys">The keys; one that comes twice counts once.</param>
    /// <param name="state">Handed to the factory, so that it need not capture anything.</param>
    /// <param name="factory">Creates the values of the keys that it is given. It may leave some out: they have no value then.</param>
    /// <param name="entryOptions">How long the values live; null: by their kinds, or as the cache's options say.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <returns>The values there are, by key.</returns>
    /// <remarks>
    /// Its own factory is started before it waits for what others create. If one of the calls fails and there is no stale value to serve for each
    /// of its keys, so does this, with that exception.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public async ValueTask<IReadOnlyDictionary<TKey, TValue>> GetManyAsync<TState>(
        IEnumerable<TKey> keys, TState state,
        Func<IReadOnlyList<TKey>, TState, CancellationToken, ValueTask<IReadOnlyDictionary<TKey, TValue>>> factory,
        CacheEntryOptions? entryOptions = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(factory);
        return await _flights.GetManyAsync(keys, state, factory, entryOptions, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<TValue> GetOrCreateTimed<TState>(
        TKey key, TState state, Func<TState, CancellationToken, ValueTask<TValue>> factory, CacheEntryOptions? entryOptions,
        CancellationToken cancellationToken)
    {
        var tracker = _gets!.Tracker;
        var start = tracker.Start();
        var call = GetOrCreateAsync(key, state, factory, entryOptions, cancellationToken);
        if (call.IsCompletedSuccessfully)
        {
            tracker.Record(start);
        }

        return call;
    }

    /// <inheritdoc/>
    void ICreationTarget<TKey, TValue>.Use(CacheEntry<TKey, TValue> entry)
    {
        _core.Touch(entry);
        _counters.Increment(CacheColumn.Hits);
    }

    /// <inheritdoc/>
    CacheEntry<TKey, TValue> ICreationTarget<TKey, TValue>.Keep(TKey key, TValue value, CacheEntryOptions? options, long ticks)
    {
        var entry = Make(key, value, options, out var now);
        if (Options.Eviction == CacheEviction.Density)
        {
            (entry.Terms ??= new CacheTerms()).Cost = Math.Max(1, ticks / TimeSpan.TicksPerMicrosecond);
        }

        _core.Set(entry, now);
        return entry;
    }
}
