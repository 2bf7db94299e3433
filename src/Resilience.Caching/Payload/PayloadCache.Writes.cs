using System.Buffers;

namespace Resilience.Caching;

/// <content>Setting and removing.</content>
public sealed partial class PayloadCache
{
    /// <summary>Stores a copy of a payload, in the place of the one that the key has.</summary>
    /// <param name="key">The key.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="entryOptions">How long it lives; null: as the cache's options say.</param>
    /// <param name="compress">Whether it may be compressed: not if it is secret and lies beside text that others choose.</param>
    /// <returns>
    /// False if there is no room, because it is larger than the cache or leases hold the rest. The key then has no payload: the older one has been
    /// superseded.
    /// </returns>
    /// <exception cref="ArgumentException">The entry's options are out of range.</exception>
    public bool Set(string key, ReadOnlySpan<byte> payload, CacheEntryOptions? entryOptions = null, bool compress = true)
    {
        ArgumentNullException.ThrowIfNull(key);
        entryOptions?.Validate(nameof(entryOptions));
        if (_sets is not null && LatencySample.IsDue())
        {
            var start = _sets.Tracker.Start();
            var stored = Set(key, payload, entryOptions, compress);
            _sets.Tracker.Record(start);
            return stored;
        }

        _flights.Supersede(key);
        return Store(key, payload, null, entryOptions ?? Options.Entry, compress, 0, out _);
    }

    /// <summary>Stores a copy of a payload that lies in several pieces.</summary>
    /// <param name="key">The key.</param>
    /// <param name="payload">The payload; at most <see cref="Array.MaxLength"/> bytes.</param>
    /// <param name="entryOptions">How long it lives; null: as the cache's options say.</param>
    /// <param name="compress">Whether it may be compressed.</param>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="ArgumentException">The entry's options are out of range, or the payload is too long.</exception>
    public bool Set(string key, ReadOnlySequence<byte> payload, CacheEntryOptions? entryOptions = null, bool compress = true)
    {
        ArgumentNullException.ThrowIfNull(key);
        entryOptions?.Validate(nameof(entryOptions));
        if (payload.Length > Array.MaxLength)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The payload has {payload.Length} bytes; the most are {Array.MaxLength}."), nameof(payload));
        }

        if (payload.IsSingleSegment)
        {
            return Set(key, payload.FirstSpan, entryOptions, compress);
        }

        var length = (int)payload.Length;
        var whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            payload.CopyTo(whole);
            return Set(key, whole.AsSpan(0, length), entryOptions, compress);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key; a string is one too.</param>
    /// <returns>Whether it was there, fresh or not.</returns>
    public bool Remove(ReadOnlySpan<char> key)
    {
        if (_flights.HasFlown)
        {
            // What is on its way is known by the string itself.
            _flights.Supersede(_core.Find(key, OrdinalKeys.Instance)?.Key ?? key.ToString());
        }

        while (_core.Find(key, OrdinalKeys.Instance) is { } entry)
        {
            if (_core.Remove(entry, RemovalReason.Removed))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Removes what is there now; what is on its way reaches those who wait, and is not stored. O(entries), with the lock held for one entry at a time.
    /// </summary>
    public void Clear()
    {
        _flights.SupersedeAll();
        foreach (var entry in _core.Enumerate())
        {
            _core.Remove(entry, RemovalReason.Cleared);
        }
    }

    /// <summary>Changes the bounds and evicts what is above them, with the lock held for 64 entries at a time.</summary>
    /// <param name="maxBytes">The most bytes: from 1 to <see cref="PayloadCacheOptions.MostBytes"/>.</param>
    /// <param name="maxEntries">The most entries: from 1 to <see cref="PayloadCacheOptions.MostEntries"/>.</param>
    /// <remarks>The hot share follows: payloads that it has no longer room for are compressed in the background.</remarks>
    /// <exception cref="ArgumentException">A bound is out of its range.</exception>
    public void Resize(long maxBytes, int maxEntries)
    {
        (Options with { MaxBytes = maxBytes, MaxEntries = maxEntries }).Validated();
        _hot.Resize(HotBytesOf(maxBytes));
        _core.Resize(maxEntries, maxBytes);
        if (HeatMemory.CellsFor(maxBytes) != _memory.Cells)
        {
            Volatile.Write(ref _memory, new HeatMemory(maxBytes));
        }

        CompressCold();
    }

    private long HotBytesOf(long maxBytes) => (long)(maxBytes * (1 - Options.ColdShare));

    // What was made already is stored itself; anything else is copied.
    private bool Store(
        string key, ReadOnlySpan<byte> bytes, Payload? made, CacheEntryOptions times, bool compress, long ticks, out CacheEntry<string, Payload> entry)
    {
        var mayCompress = compress && Options.ColdShare > 0 && _codec.AlgorithmFor(bytes.Length) != CompressionAlgorithm.None
            && (Options.MayCompress?.Invoke(key) ?? true);
        var atOnce = mayCompress && Options.ColdShare == 1;
        var payload = (atOnce && bytes.Length <= Options.BackgroundAbove ? Compressed(bytes) : null)
            ?? made ?? new Payload(bytes.ToArray(), bytes.Length, isCompressed: false);
        entry = Make(key, payload, _core.Hash(key));
        payload.Heat = HeatFor(key, entry.Hash);
        times.ApplyTo(entry, _core.Clock.Coarse);
        if (ticks > 0 && Options.Eviction == CacheEviction.Density)
        {
            (entry.Terms ??= new CacheTerms()).Cost = Math.Max(1, ticks / TimeSpan.TicksPerMicrosecond);
        }

        _hot.Age(_core.Bounds.Entries);
        if (!_core.Set(entry))
        {
            return false;
        }

        Tally(payload, 1);
        if (!mayCompress || payload.IsCompressed)
        {
            return true;
        }

        if (!atOnce)
        {
            Watch(payload, isKnown: false);
            CompressCold();
        }
        else if (bytes.Length > Options.BackgroundAbove)
        {
            Enqueue(payload);
        }

        return true;
    }

    // The heat that the key has had, as an entry or as one that has left, and this use of it.
    private ushort HeatFor(string key, uint hash)
    {
        var heat = _core.Find(key, hash) is { } older ? Volatile.Read(ref older.Value.Heat) : Volatile.Read(ref _memory).Recall(hash);
        Heat.Add(ref heat, _hot.Epoch);
        return heat;
    }

    private static CacheEntry<string, Payload> Make(string key, Payload payload, uint hash)
    {
        var entry = new CacheEntry<string, Payload>(key, payload, hash) { Size = payload.Bytes.Length };
        payload.Entry = entry;
        return entry;
    }

    // Null if compression saves too little.
    private Payload? Compressed(ReadOnlySpan<byte> bytes)
    {
        var room = ArrayPool<byte>.Shared.Rent(bytes.Length);
        try
        {
            if (!_codec.TryCompress(bytes, room.AsSpan(0, bytes.Length), out var length))
            {
                _forms.Increment(PayloadColumn.Incompressible);
                return null;
            }

            _forms.Increment(PayloadColumn.Compressions);
            return new Payload(room.AsSpan(0, length).ToArray(), bytes.Length, isCompressed: true) { WasCompressed = true };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private void Tally(Payload payload, int sign)
    {
        Interlocked.Add(ref _payloadBytes, sign * (long)payload.Length);
        if (payload.IsCompressed)
        {
            Interlocked.Add(ref _compressed, sign);
        }
    }
}
