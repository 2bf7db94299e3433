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
        return Store(key, payload, entryOptions ?? Options.Entry, compress);
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
            return Store(key, payload.FirstSpan, entryOptions ?? Options.Entry, compress);
        }

        var length = (int)payload.Length;
        var whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            payload.CopyTo(whole);
            return Store(key, whole.AsSpan(0, length), entryOptions ?? Options.Entry, compress);
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
        while (_core.Find(key, OrdinalKeys.Instance) is { } entry)
        {
            if (_core.Remove(entry, RemovalReason.Removed))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes what is there now. O(entries), with the lock held for one entry at a time.</summary>
    public void Clear()
    {
        foreach (var entry in _core.Enumerate())
        {
            _core.Remove(entry, RemovalReason.Cleared);
        }
    }

    private bool Store(string key, ReadOnlySpan<byte> bytes, CacheEntryOptions times, bool compress)
    {
        var mayCompress = compress && Options.ColdShare > 0 && _codec.AlgorithmFor(bytes.Length) != CompressionAlgorithm.None
            && (Options.MayCompress?.Invoke(key) ?? true);
        var atOnce = mayCompress && Options.ColdShare == 1;
        var payload = (atOnce && bytes.Length <= Options.BackgroundAbove ? Compressed(bytes) : null)
            ?? new Payload(bytes.ToArray(), bytes.Length, isCompressed: false);
        var entry = Make(key, payload, _core.Hash(key));
        payload.Heat = _memory.Recall(entry.Hash);
        times.ApplyTo(entry, _core.Clock.Coarse);
        _hot.Age(_core.Bounds.Entries);
        if (!_core.Set(entry))
        {
            return false;
        }

        Count(payload, 1);
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
                _counters.Increment(PayloadColumn.Incompressible);
                return null;
            }

            _counters.Increment(PayloadColumn.Compressions);
            return new Payload(room.AsSpan(0, length).ToArray(), bytes.Length, isCompressed: true) { WasCompressed = true };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private void Count(Payload payload, int sign)
    {
        Interlocked.Add(ref _payloadBytes, sign * (long)payload.Length);
        if (payload.IsCompressed)
        {
            Interlocked.Add(ref _compressed, sign);
        }
    }
}
