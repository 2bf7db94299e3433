using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Resilience.Caching;

/// <content>The flights by key: opened, joined, flown, landed.</content>
internal sealed partial class CacheFlights<TKey, TValue>
{
    private const int MostFailures = 1024;
    private readonly ResilientCache<TKey, ExceptionDispatchInfo>? _failures = MakeFailures(core, options);

    // Made when a value is first created.
    private ConcurrentDictionary<TKey, CacheFlight<TValue>>? _flights;

    /// <summary>How many values are on their way, for tests.</summary>
    internal int Underway => Volatile.Read(ref _flights)?.Count ?? 0;

    /// <summary>Whether a value has ever been created.</summary>
    internal bool HasFlown => Volatile.Read(ref _flights) is not null;

    private ConcurrentDictionary<TKey, CacheFlight<TValue>> Flights =>
        Volatile.Read(ref _flights) ?? Interlocked.CompareExchange(
            ref _flights, new ConcurrentDictionary<TKey, CacheFlight<TValue>>(core.KeyComparer), null) ?? _flights!;

    private static ResilientCache<TKey, ExceptionDispatchInfo>? MakeFailures(CacheCore<TKey, TValue, Production> core, CacheCreation options) =>
        options.FailureTimeToLive is not { } life ? null : new(new()
        {
            MaxEntries = (int)Math.Min(MostFailures, core.Bounds.MaxEntries),
            Eviction = CacheEviction.LeastRecentlyUsed,
            Entry = new CacheEntryOptions { TimeToLive = life },
            Comparer = core.KeyComparer,
            TimeProvider = core.Clock.Provider,
        });

    // Without a scope, the flight has one of its own.
    private CacheFlight<TValue> JoinOrOpen(TKey key, CancelScope? scope, out bool isMine)
    {
        var flights = Flights;
        while (true)
        {
            var isThere = flights.TryGetValue(key, out var flight);
            if (isThere && flight!.TryJoin())
            {
                counters.Increment(CacheColumn.Joins);
                isMine = false;
                return flight;
            }

            var opened = new CacheFlight<TValue>(scope ?? new CancelScope(1));
            if (isThere ? flights.TryUpdate(key, opened, flight!) : flights.TryAdd(key, opened))
            {
                scope?.Enter();
                isMine = true;
                return opened;
            }
        }
    }

    private void Leave(TKey key, CacheFlight<TValue> flight)
    {
        if (flight.Leave())
        {
            Land(key, flight);
        }
    }

    private void Land(TKey key, CacheFlight<TValue> flight) => Flights.TryRemove(KeyValuePair.Create(key, flight));

    private async Task RunAsync<TState>(TKey key, CacheFlight<TValue> flight, Creation<TValue, TState> creation, bool unlessFresh)
    {
        Created<TValue> created;
        var start = -1L;
        try
        {
            // Between looking and opening the flight, another may have landed.
            if (unlessFresh && core.Find(key) is { } entry && entry.IsFreshNow(core.Clock))
            {
                created = Created<TValue>.Of(entry.Value);
            }
            else
            {
                start = core.Clock.Fine;
                var value = await creation.CallAsync(options.Pipeline, flight.Token).ConfigureAwait(false);
                Store(key, value, creation.Options, flight, core.Clock.Fine - start);
                created = Created<TValue>.Of(value);
            }
        }
        catch (Exception exception)
        {
            created = Fail(key, exception, flight);
        }

        if (start >= 0)
        {
            Latency?.Record(core.Clock.Fine - start);
        }

        End(key, flight, created);
    }

    // First out of the way, so that who comes now finds the entry and not the flight.
    private void End(TKey key, CacheFlight<TValue> flight, Created<TValue> created)
    {
        try
        {
            Land(key, flight);
        }
        finally
        {
            flight.Complete(created);
        }
    }

    private void Store(TKey key, TValue value, CacheEntryOptions? entryOptions, CacheFlight<TValue> flight, long ticks)
    {
        counters.Increment(CacheColumn.Created);
        if (flight.IsSuperseded || _closed)
        {
            return;
        }

        var entry = target.Keep(key, value, entryOptions, ticks);
        if (flight.IsSuperseded || _closed)
        {
            core.Remove(entry, RemovalReason.Removed);
        }
    }

    private Created<TValue> Fail(TKey key, Exception exception, CacheFlight<TValue> flight)
    {
        counters.Increment(CacheColumn.Failed);
        var created = Created<TValue>.Failed(exception);
        if (!flight.Token.IsCancellationRequested)
        {
            _failures?.Set(key, created.Failure!);
        }

        return created;
    }

    /// <summary>Every value on its way now is outdated, and failures are forgotten. O(values on their way).</summary>
    internal void SupersedeAll()
    {
        foreach (var (key, flight) in Volatile.Read(ref _flights) ?? [])
        {
            if (Flights.TryRemove(KeyValuePair.Create(key, flight)))
            {
                flight.Supersede();
            }
        }

        _failures?.Clear();
    }

    /// <summary>A value on its way for this key is outdated: those who wait for it get it, and who comes later does not.</summary>
    internal void Supersede(TKey key)
    {
        if (Volatile.Read(ref _flights) is { } flights && flights.TryRemove(key, out var flight))
        {
            flight.Supersede();
        }

        _failures?.Remove(key);
    }
}
