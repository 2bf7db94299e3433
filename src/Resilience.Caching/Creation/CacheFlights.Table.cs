using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Resilience.Caching;

/// <content>Values on their way, by key: as many as there are factory calls.</content>
public sealed partial class ResilientCache<TKey, TValue>
{
    private const int MostFailures = 1024;
    private readonly ResilientCache<TKey, ExceptionDispatchInfo>? _failures;

    // Made when a value is first created.
    private ConcurrentDictionary<TKey, CacheFlight<TValue>>? _flights;

    /// <summary>How many values are on their way, for tests.</summary>
    internal int Underway => Volatile.Read(ref _flights)?.Count ?? 0;

    private ConcurrentDictionary<TKey, CacheFlight<TValue>> Flights =>
        Volatile.Read(ref _flights) ?? Interlocked.CompareExchange(
            ref _flights, new ConcurrentDictionary<TKey, CacheFlight<TValue>>(_core.KeyComparer), null) ?? _flights!;

    private static ResilientCache<TKey, ExceptionDispatchInfo>? MakeFailures(ResilientCacheOptions<TKey, TValue> options) =>
        options.Creation.FailureTimeToLive is not { } life ? null : new(new()
        {
            MaxEntries = Math.Min(MostFailures, options.MaxEntries),
            Eviction = CacheEviction.LeastRecentlyUsed,
            Entry = new CacheEntryOptions { TimeToLive = life },
            Comparer = options.Comparer,
            TimeProvider = options.TimeProvider,
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
                _counters.Increment(CacheColumn.Joins);
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
            if (unlessFresh && _core.Find(key) is { } entry && entry.IsFreshNow(_core.Clock))
            {
                created = Created<TValue>.Of(entry.Value);
            }
            else
            {
                start = _core.Clock.Fine;
                var value = await creation.CallAsync(Options.Creation.Pipeline, flight.Token).ConfigureAwait(false);
                Store(key, value, creation.Options, flight, _core.Clock.Fine - start);
                created = Created<TValue>.Of(value);
            }
        }
        catch (Exception exception)
        {
            created = Fail(key, exception, flight);
        }

        if (start >= 0)
        {
            CreationLatency?.Record(_core.Clock.Fine - start);
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

    private void Store(TKey key, TValue value, CacheEntryOptions? options, CacheFlight<TValue> flight, long ticks)
    {
        _counters.Increment(CacheColumn.Created);
        if (flight.IsSuperseded || _disposed)
        {
            return;
        }

        var entry = Make(key, value, options, out var now);
        if (Options.Eviction == CacheEviction.Density)
        {
            (entry.Terms ??= new CacheTerms()).Cost = Math.Max(1, ticks / TimeSpan.TicksPerMicrosecond);
        }

        _core.Set(entry, now);
        if (flight.IsSuperseded || _disposed)
        {
            _core.Remove(entry, RemovalReason.Removed);
        }
    }

    private Created<TValue> Fail(TKey key, Exception exception, CacheFlight<TValue> flight)
    {
        _counters.Increment(CacheColumn.Failed);
        var created = Created<TValue>.Failed(exception);
        if (!flight.Token.IsCancellationRequested)
        {
            _failures?.Set(key, created.Failure!);
        }

        return created;
    }

    // A value on its way for this key is outdated: those who wait for it get it, and who comes later does not.
    private void Supersede(TKey key)
    {
        if (Volatile.Read(ref _flights) is { } flights && flights.TryRemove(key, out var flight))
        {
            flight.Supersede();
        }

        _failures?.Remove(key);
    }
}
