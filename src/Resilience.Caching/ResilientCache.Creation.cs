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
        var entry = _core.Find(key);
        if (entry is not null && entry.IsFresh(_core.Clock))
        {
            _core.Touch(entry);
            _counters.Increment(CacheColumn.Hits);
            if (entry.Terms is { RefreshAt: not CacheNode.Never } terms)
            {
                RefreshIfDue(entry, terms, new Creation<TValue, TState>(state, factory, entryOptions));
            }

            return new ValueTask<TValue>(entry.Value);
        }

        return CreateAsync(entry, key, new Creation<TValue, TState>(state, factory, entryOptions), cancellationToken);
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

    private async ValueTask<TValue> CreateAsync<TState>(
        CacheEntry<TKey, TValue>? found, TKey key, Creation<TValue, TState> creation, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var stale = MissOrStale(found);
        if (_failures is not null && _failures.TryGet(key, out var remembered))
        {
            return StaleOr(stale, remembered);
        }

        while (true)
        {
            var flight = JoinOrOpen(key, null, out var isMine);
            if (isMine)
            {
                _ = RunAsync(key, flight, creation, unlessFresh: true);
            }

            Created<TValue> created;
            try
            {
                if (!flight.End.IsCompleted && stale is not null && Options.Creation.SoftTimeout is { } soft
                    && !await EndsWithinAsync(flight.End, soft, cancellationToken).ConfigureAwait(false))
                {
                    flight.TakeToBackground();
                    return Stale(stale);
                }

                created = await flight.End.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Leave(key, flight);
            }

            // Absent: it was created for many keys, and this one was not among the results; its own factory may know more.
            if (!created.IsAbsent)
            {
                return created.Failure is { } failure ? StaleOr(stale, failure) : created.Value!;
            }
        }
    }

    // Counts the miss, and gives the entry back if it may be served stale.
    private CacheEntry<TKey, TValue>? MissOrStale(CacheEntry<TKey, TValue>? found)
    {
        _counters.Increment(CacheColumn.Misses);
        if (found is null || _core.Clock.Coarse < found.DeadAt)
        {
            return found;
        }

        _core.RemoveDead(found);
        return null;
    }

    private TValue StaleOr(CacheEntry<TKey, TValue>? stale, System.Runtime.ExceptionServices.ExceptionDispatchInfo failure)
    {
        if (stale is null || !Options.Creation.ServesStaleOnFailure)
        {
            failure.Throw();
        }

        return Stale(stale!);
    }

    private TValue Stale(CacheEntry<TKey, TValue> entry)
    {
        _counters.Increment(CacheColumn.Stale);
        return entry.Value;
    }

    private async ValueTask<bool> EndsWithinAsync(Task end, TimeSpan time, CancellationToken cancellationToken)
    {
        if (time > TimeSpan.Zero)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var clock = _core.Clock;
            var delay = PendingDelay<Production>.Start(clock.Delays, clock.WordAfter(time.Ticks), over.Token).AsTask();
            await Task.WhenAny(end, delay).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await delay.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return end.IsCompleted;
    }

    private void RefreshIfDue<TState>(CacheEntry<TKey, TValue> entry, CacheTerms terms, Creation<TValue, TState> creation)
    {
        var now = _core.Clock.Coarse;
        if (now < Volatile.Read(ref terms.RefreshAt) || _disposed)
        {
            return;
        }

        // If this refresh fails, the next one is due when half of what is left has passed.
        Volatile.Write(ref terms.RefreshAt, now + Math.Max(1, (Volatile.Read(ref entry.FreshUntil) - now) / 2));
        var flight = JoinOrOpen(entry.Key, null, out var isMine);
        if (isMine)
        {
            flight.TakeToBackground();
            _ = Task.Run(() => RunAsync(entry.Key, flight, creation, unlessFresh: false));
        }

        Leave(entry.Key, flight);
    }
}
