namespace Resilience.Caching;

/// <content>Many keys at once, with one factory call for those that are missing.</content>
internal sealed partial class CacheFlights<TKey, TValue>
{
    /// <summary>The values of many keys; those that are not there, and not on their way already, are created by one call.</summary>
    /// <param name="keys">The keys; one that comes twice counts once.</param>
    /// <param name="state">Handed to the factory.</param>
    /// <param name="factory">Creates the values of the keys that it is given, or of some of them.</param>
    /// <param name="entryOptions">How long the values live; null: as the cache says.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    internal async ValueTask<Dictionary<TKey, TValue>> GetManyAsync<TState>(
        IEnumerable<TKey> keys, TState state,
        Func<IReadOnlyList<TKey>, TState, CancellationToken, ValueTask<IReadOnlyDictionary<TKey, TValue>>> factory,
        CacheEntryOptions? entryOptions, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, target);
        cancellationToken.ThrowIfCancellationRequested();
        entryOptions?.Validate(nameof(entryOptions));
        var values = new Dictionary<TKey, TValue>(core.KeyComparer);
        for (var left = keys; ;)
        {
            var absent = await GetSomeAsync(left, values, state, factory, entryOptions, cancellationToken).ConfigureAwait(false);
            if (absent.Count == 0)
            {
                return values;
            }

            left = absent;
        }
    }

    // Adds the values there are. Returns the keys that others were to create and have left out: this call's own factory may know more.
    private async ValueTask<List<TKey>> GetSomeAsync<TState>(
        IEnumerable<TKey> keys, Dictionary<TKey, TValue> values, TState state,
        Func<IReadOnlyList<TKey>, TState, CancellationToken, ValueTask<IReadOnlyDictionary<TKey, TValue>>> factory,
        CacheEntryOptions? entryOptions, CancellationToken cancellationToken)
    {
        var absent = new List<TKey>();
        var waits = new List<Wait>();
        var mine = new List<Wait>();
        var scope = new CancelScope(1);
        try
        {
            Ask(keys, values, waits, mine, scope);
            if (mine.Count > 0)
            {
                var many = new Many<TState>(mine.ConvertAll(wait => wait.Key), state, factory);
                _ = RunManyAsync<TState>([.. mine], new(many, static (many, token) => many.Factory(many.Keys, many.State, token), entryOptions), scope.Token);
                mine.Clear();
            }

            foreach (var wait in waits)
            {
                var created = await wait.Flight.End.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (!created.IsAbsent)
                {
                    values[wait.Key] = created.Failure is { } failure ? StaleOr(wait.Stale, failure) : created.Value!;
                }
                else if (!wait.IsMine)
                {
                    absent.Add(wait.Key);
                }
            }
        }
        finally
        {
            // Not started, because a key was bad: who has joined meanwhile turns to his own factory.
            mine.ForEach(wait => End(wait, Created<TValue>.Absent));
            waits.ForEach(wait => Leave(wait.Key, wait.Flight));
            scope.Abandon();
        }

        return absent;
    }

    // Sorts the keys: found, on their way, and this call's to create.
    private void Ask(IEnumerable<TKey> keys, Dictionary<TKey, TValue> values, List<Wait> waits, List<Wait> mine, CancelScope scope)
    {
        foreach (var key in keys.Distinct(core.KeyComparer))
        {
            var entry = core.Find(key);
            if (entry is not null && entry.IsFresh(core.Clock))
            {
                target.Use(entry);
                values[key] = entry.Value;
                continue;
            }

            var stale = MissOrStale(entry);
            if (_failures is not null && _failures.TryGet(key, out var remembered))
            {
                values[key] = StaleOr(stale, remembered);
                continue;
            }

            var wait = new Wait(key, JoinOrOpen(key, scope, out var isMine), stale, isMine);
            waits.Add(wait);
            if (isMine)
            {
                mine.Add(wait);
            }
        }
    }

    private async Task RunManyAsync<TState>(
        Wait[] waits, Creation<IReadOnlyDictionary<TKey, TValue>, Many<TState>> creation, CancellationToken token)
    {
        IReadOnlyDictionary<TKey, TValue>? values = null;
        Exception? failure = null;
        var start = core.Clock.Fine;
        try
        {
            values = await creation.CallAsync(options.Pipeline, token).ConfigureAwait(false)
                ?? throw new InvalidOperationException("The factory for many keys returned null.");
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        var ticks = core.Clock.Fine - start;
        Latency?.Record(ticks);
        ticks /= waits.Length;
        foreach (var wait in waits)
        {
            Created<TValue> created;
            try
            {
                created = failure is not null ? Fail(wait.Key, failure, wait.Flight)
                    : values!.TryGetValue(wait.Key, out var value) ? Kept(wait, value, creation.Options, ticks)
                    : Created<TValue>.Absent;
            }
            catch (Exception exception)
            {
                created = Fail(wait.Key, exception, wait.Flight);
            }

            End(wait, created);
        }
    }

    private void End(Wait wait, Created<TValue> created) => End(wait.Key, wait.Flight, created);

    private Created<TValue> Kept(Wait wait, TValue value, CacheEntryOptions? options, long ticks)
    {
        Store(wait.Key, value, options, wait.Flight, ticks);
        return Created<TValue>.Of(value);
    }

    private readonly record struct Many<TState>(
        IReadOnlyList<TKey> Keys, TState State,
        Func<IReadOnlyList<TKey>, TState, CancellationToken, ValueTask<IReadOnlyDictionary<TKey, TValue>>> Factory);

    private readonly record struct Wait(TKey Key, CacheFlight<TValue> Flight, CacheEntry<TKey, TValue>? Stale, bool IsMine);
}
