using System.Buffers;

namespace Resilience.Caching;

/// <content>Payloads that are created when they are not there: one factory call a key, however many ask.</content>
public sealed partial class PayloadCache : ICreationTarget<string, Payload>
{
    private readonly CacheFlights<string, Payload> _flights;

    /// <summary>How many payloads are on their way, for tests.</summary>
    internal int Underway => _flights.Underway;

    /// <summary>The payload of a key under a lease; created if it is not there or no longer fresh.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="state">Handed to the factory, so that it need not capture anything.</param>
    /// <param name="factory">
    /// Writes the payload, once for all who ask meanwhile; each attempt of a pipeline gets a writer of its own, which is of no use when the attempt has
    /// ended. The factory's token is cancelled when nobody waits any more; what it throws reaches all who do.
    /// </param>
    /// <param name="entryOptions">How long it lives; null: as the cache's options say.</param>
    /// <param name="compress">Whether it may be compressed: not if it is secret and lies beside text that others choose.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <returns>What to dispose when the bytes are no longer used. They are there even if the cache had no room for them.</returns>
    /// <remarks>
    /// A fresh payload is returned at once and nothing is allocated. A payload whose key is set or removed while it is created reaches those who
    /// wait, and is not stored.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<PayloadLease> GetOrCreateAsync<TState>(
        string key, TState state, Func<TState, IBufferWriter<byte>, CancellationToken, ValueTask> factory, CacheEntryOptions? entryOptions = null,
        bool compress = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        if (_gets is not null && LatencySample.IsDue())
        {
            return GetOrCreateTimed(key, state, factory, entryOptions, compress, cancellationToken);
        }

        if (!TryRent(key, out var lease, out var entry))
        {
            return CreateAsync(entry, key, Creation(state, factory, entryOptions, compress), cancellationToken);
        }

        if (entry!.Refreshes)
        {
            _flights.RefreshIfDue(entry, entry.Terms!, Creation(state, factory, entryOptions, compress));
        }

        return new ValueTask<PayloadLease>(lease);
    }

    /// <summary>The payload of a key under a lease; created if it is not there or no longer fresh.</summary>
    /// <param name="key">The key.</param>
    /// <param name="factory">Writes the payload, once for all who ask meanwhile.</param>
    /// <param name="entryOptions">How long it lives; null: as the cache's options say.</param>
    /// <param name="compress">Whether it may be compressed.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <returns>What to dispose when the bytes are no longer used.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<PayloadLease> GetOrCreateAsync(
        string key, Func<IBufferWriter<byte>, CancellationToken, ValueTask> factory, CacheEntryOptions? entryOptions = null, bool compress = true,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return GetOrCreateAsync(key, factory, static (write, writer, token) => write(writer, token), entryOptions, compress, cancellationToken);
    }

    /// <summary>The payloads of many keys; those that are not there, and not on their way already, are created by one call.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="keys">The keys; one that comes twice counts once.</param>
    /// <param name="state">Handed to the factory, so that it need not capture anything.</param>
    /// <param name="factory">
    /// Creates the payloads of the keys that it is given; they are copied. It may leave some out: they have no payload then.
    /// </param>
    /// <param name="entryOptions">How long they live; null: as the cache's options say.</param>
    /// <param name="compress">Whether they may be compressed.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <returns>The payloads there are, by key: what to dispose when the bytes are no longer used.</returns>
    /// <remarks>
    /// Its own factory is started before it waits for what others create. If one of the calls fails and there is no stale payload to serve for each
    /// of its keys, so does this, with that exception.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<PayloadLeases> GetManyAsync<TState>(
        IEnumerable<string> keys, TState state,
        Func<IReadOnlyList<string>, TState, CancellationToken, ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>> factory,
        CacheEntryOptions? entryOptions = null, bool compress = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(factory);
        var leases = new PayloadLeases();
        try
        {
            while (true)
            {
                var payloads = await _flights.GetManyAsync(
                    keys, new PayloadsFactory<TState>(state, factory, compress), static (keys, make, token) => make.CallAsync(keys, token), entryOptions,
                    cancellationToken).ConfigureAwait(false);
                var damaged = payloads.Where(pair => !TryAdd(leases, pair.Key, pair.Value)).Select(static pair => pair.Key).ToList();
                if (damaged.Count == 0)
                {
                    return leases;
                }

                keys = damaged;
            }
        }
        catch
        {
            leases.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    void ICreationTarget<string, Payload>.Use(CacheEntry<string, Payload> entry)
    {
        Use(entry);
        _ = entry.Value.IsCompressed ? Inflated(entry.Value) : Hit();
    }

    /// <inheritdoc/>
    CacheEntry<string, Payload> ICreationTarget<string, Payload>.Keep(string key, Payload value, CacheEntryOptions? options, long ticks)
    {
        Store(key, value.Bytes, value, options ?? Options.Entry, value.MayCompress, ticks, out var entry);
        return entry;
    }

    private static Creation<Payload, PayloadFactory<TState>> Creation<TState>(
        TState state, Func<TState, IBufferWriter<byte>, CancellationToken, ValueTask> factory, CacheEntryOptions? entryOptions, bool compress) =>
        new(new PayloadFactory<TState>(state, factory, compress), static (factory, token) => factory.CallAsync(token), entryOptions);

    private ValueTask<PayloadLease> GetOrCreateTimed<TState>(
        string key, TState state, Func<TState, IBufferWriter<byte>, CancellationToken, ValueTask> factory, CacheEntryOptions? entryOptions,
        bool compress, CancellationToken cancellationToken)
    {
        var tracker = _gets!.Tracker;
        var start = tracker.Start();
        var call = GetOrCreateAsync(key, state, factory, entryOptions, compress, cancellationToken);
        if (call.IsCompletedSuccessfully)
        {
            tracker.Record(start);
        }

        return call;
    }

    private async ValueTask<PayloadLease> CreateAsync<TState>(
        CacheEntry<string, Payload>? found, string key, Creation<Payload, PayloadFactory<TState>> creation, CancellationToken cancellationToken)
    {
        while (true)
        {
            var payload = await _flights.CreateAsync(found, key, creation, cancellationToken).ConfigureAwait(false);
            if (TryLease(payload, out var lease))
            {
                return lease;
            }

            // A damaged frame, found stale or by another who created: it has left.
            found = null;
        }
    }

    private bool TryAdd(PayloadLeases leases, string key, Payload payload)
    {
        var isWhole = TryLease(payload, out var lease);
        if (isWhole)
        {
            leases.Add(key, lease);
        }

        return isWhole;
    }
}
