using System.Runtime.ExceptionServices;

namespace Resilience.Caching;

/// <summary>
/// The values of a cache that are on their way: one factory call a key, however many ask, as many flights as there are calls. Safe for concurrent
/// use.
/// </summary>
/// <param name="target">The cache.</param>
/// <param name="core">Its entries.</param>
/// <param name="counters">What it counts, by <see cref="CacheColumn"/>.</param>
/// <param name="windows">Where misses are counted.</param>
/// <param name="options">How values are created.</param>
internal sealed partial class CacheFlights<TKey, TValue>(
    ICreationTarget<TKey, TValue> target, CacheCore<TKey, TValue, Production> core, StripedCounter<Production> counters, HitWindows windows,
    CacheCreation options)
    where TKey : notnull
{
    // Turns on once.
    private volatile bool _closed;

    /// <summary>How long factories take; null if that is not measured.</summary>
    internal PercentileTracker? Latency { get; } =
        options.MeasuresLatency ? new PercentileTracker(new() { TimeProvider = core.Clock.Provider }) : null;

    /// <summary>From now on nothing is created, and what is on its way is not stored.</summary>
    internal void Close() => _closed = true;

    /// <summary>Has a value created, or joins who does.</summary>
    /// <param name="found">The key's entry, which is not fresh; null if there is none.</param>
    /// <param name="key">The key.</param>
    /// <param name="creation">How this caller would create it.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    internal async ValueTask<TValue> CreateAsync<TState>(
        CacheEntry<TKey, TValue>? found, TKey key, Creation<TValue, TState> creation, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, target);
        cancellationToken.ThrowIfCancellationRequested();
        creation.Options?.Validate("entryOptions");
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
                if (!flight.End.IsCompleted && stale is not null && options.SoftTimeout is { } soft
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

    /// <summary>Has the value of a fresh entry created anew in the background, if that is due.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="terms">Its terms.</param>
    /// <param name="creation">How to create it.</param>
    internal void RefreshIfDue<TState>(CacheEntry<TKey, TValue> entry, CacheTerms terms, Creation<TValue, TState> creation)
    {
        var now = core.Clock.Coarse;
        if (now < Volatile.Read(ref terms.RefreshAt) || _closed)
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

    // Counts the miss, and gives the entry back if it may be served stale.
    private CacheEntry<TKey, TValue>? MissOrStale(CacheEntry<TKey, TValue>? found)
    {
        var now = core.Clock.Coarse;
        windows.Miss(now);
        if (found is null || now < found.DeadAt)
        {
            return found;
        }

        core.RemoveDead(found);
        return null;
    }

    private TValue StaleOr(CacheEntry<TKey, TValue>? stale, ExceptionDispatchInfo failure)
    {
        // It may have become too old while its successor was waited for.
        if (stale is null || !options.ServesStaleOnFailure || core.Clock.Coarse >= stale.DeadAt)
        {
            failure.Throw();
        }

        return Stale(stale!);
    }

    private TValue Stale(CacheEntry<TKey, TValue> entry)
    {
        counters.Increment(CacheColumn.Stale);
        return entry.Value;
    }

    private async ValueTask<bool> EndsWithinAsync(Task end, TimeSpan time, CancellationToken cancellationToken)
    {
        if (time > TimeSpan.Zero)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var clock = core.Clock;
            var delay = PendingDelay<Production>.Start(clock.Delays, clock.WordAfter(time.Ticks), over.Token).AsTask();
            await Task.WhenAny(end, delay).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await delay.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return end.IsCompleted;
    }
}
