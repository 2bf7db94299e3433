using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>
/// Payloads by key in this process, bounded by entries and bytes at once. The hot ones are stored as they are; what leaves the hot share of the bytes
/// is compressed in the background, and becomes raw again when it is used more than the coldest raw one.
/// </summary>
/// <remarks>
/// Safe for concurrent use. A hit takes no lock and allocates nothing; one on a compressed payload takes a short lock, and allocates
/// if the payload becomes raw again. A write copies the payload. All operations take constant time beside what is linear in the payload, but for the
/// evictions that a large payload forces.
/// </remarks>
public sealed partial class PayloadCache
{
    private readonly CacheCore<string, Payload, Production> _core;
    private readonly PayloadCodec _codec;
    private readonly StripedCounter<Production> _counters = new();
    private readonly ItemPool<PayloadHold> _holds;
    private long _payloadBytes;
    private long _compressed;

    /// <summary>An empty cache.</summary>
    /// <param name="options">The options; null for 64 MiB of payloads that do not expire, half of it compressed.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PayloadCache(PayloadCacheOptions? options = null)
        : this(options, isManual: false)
    {
    }

    /// <summary>An empty cache whose background work, if <paramref name="isManual"/>, is done by <see cref="DrainBackground"/> only.</summary>
    internal PayloadCache(PayloadCacheOptions? options, bool isManual)
    {
        Options = (options ?? new PayloadCacheOptions()).Validated();
        _codec = new PayloadCodec(Options.Compression);
        _core = new CacheCore<string, Payload, Production>(Options.ToCore(), Released);
        _holds = new ItemPool<PayloadHold>(() => new PayloadHold(this));
        _hot = new HotSet((long)(Options.MaxBytes * (1 - Options.ColdShare)), Options.Seed ?? (uint)Environment.TickCount);
        _memory = new HeatMemory(Options.MaxBytes);
        _queue = new CompressionQueue<Payload>(Options.QueueCapacity, Work, isManual);
    }

    /// <summary>The options it was made with.</summary>
    public PayloadCacheOptions Options { get; }

    /// <summary>What it holds and has done.</summary>
    public PayloadCacheStatistics Statistics => new()
    {
        Entries = _core.Bounds.Entries,
        Compressed = Volatile.Read(ref _compressed),
        Bytes = _core.Bounds.Bytes,
        PayloadBytes = Volatile.Read(ref _payloadBytes),
        Hits = _counters.Sum(PayloadColumn.Hits),
        Inflated = _counters.Sum(PayloadColumn.Inflated),
        Misses = _counters.Sum(PayloadColumn.Misses),
        Corrupt = _counters.Sum(PayloadColumn.Corrupt),
        Compressions = _counters.Sum(PayloadColumn.Compressions),
        Recompressions = _counters.Sum(PayloadColumn.Recompressions),
        Promotions = _counters.Sum(PayloadColumn.Promotions),
        Incompressible = _counters.Sum(PayloadColumn.Incompressible),
        Overflowed = Volatile.Read(ref _overflowed),
        Waiting = _queue.Count,
    };

    /// <summary>The core, for tests.</summary>
    internal CacheCore<string, Payload, Production> Core => _core;

    /// <summary>Writes a key's payload to a writer, such as a pipe's, if it is there and fresh. Nothing is flushed.</summary>
    /// <param name="key">The key; a string is one too.</param>
    /// <param name="destination">Where the payload goes; it is not touched on a miss.</param>
    public bool TryGet(ReadOnlySpan<char> key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (Find(key) is not { } payload)
        {
            return false;
        }

        if (!payload.IsCompressed)
        {
            destination.Write(payload.Bytes);
            return Hit();
        }

        return _codec.Decode(payload.Bytes, destination) == FrameStatus.Ok ? Inflated(payload) : Damaged(payload);
    }

    /// <summary>Copies a key's payload, if it is there and fresh.</summary>
    /// <param name="key">The key; a string is one too.</param>
    /// <param name="destination">Room for the payload.</param>
    /// <param name="length">The payload's length. If it is more than there is room for, nothing was copied; it is -1 on a miss.</param>
    /// <returns>Whether the payload was copied.</returns>
    public bool TryGet(ReadOnlySpan<char> key, Span<byte> destination, out int length)
    {
        length = -1;
        if (Find(key) is not { } payload)
        {
            return false;
        }

        if (payload.Length > destination.Length)
        {
            length = payload.Length;
            return false;
        }

        if (payload.IsCompressed && _codec.Decode(payload.Bytes, destination, out _) != FrameStatus.Ok)
        {
            return Damaged(payload);
        }

        length = payload.Length;
        if (payload.IsCompressed)
        {
            return Inflated(payload);
        }

        payload.Bytes.CopyTo(destination);
        return Hit();
    }

    /// <summary>A copy of a key's payload, if it is there and fresh; null otherwise.</summary>
    /// <param name="key">The key; a string is one too.</param>
    public byte[]? Get(ReadOnlySpan<char> key)
    {
        if (Find(key) is not { } payload)
        {
            return null;
        }

        var copy = GC.AllocateUninitializedArray<byte>(payload.Length);
        if (!payload.IsCompressed)
        {
            payload.Bytes.CopyTo(copy, 0);
            Hit();
            return copy;
        }

        var isWhole = _codec.Decode(payload.Bytes, copy, out _) == FrameStatus.Ok;
        return (isWhole ? Inflated(payload) : Damaged(payload)) ? copy : null;
    }

    /// <summary>Writes a key's payload to a pipe and flushes it, if it is there and fresh.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">The pipe's writer.</param>
    /// <param name="cancellationToken">Ends the flush.</param>
    public async ValueTask<bool> CopyToAsync(string key, PipeWriter destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!TryGet(key, destination))
        {
            return false;
        }

        await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>A key's payload under a lease, if it is there and fresh: the stored bytes themselves if they are raw.</summary>
    /// <param name="key">The key; a string is one too.</param>
    /// <param name="lease">What to dispose when the bytes are no longer used.</param>
    public bool TryRent(ReadOnlySpan<char> key, out PayloadLease lease)
    {
        lease = default;
        var wait = default(SpinWait);
        while (Find(key) is { } payload)
        {
            if (payload.IsCompressed)
            {
                return TryInflate(payload, out lease);
            }

            if (payload.Entry.TryPin<Production>())
            {
                var hold = _holds.Take();
                hold.Pin(payload.Entry);
                lease = new PayloadLease(hold);
                return Hit();
            }

            // It is being replaced or removed; the next look finds what has come in its place.
            wait.SpinOnce();
        }

        return false;
    }

    /// <summary>Whether a key is there and fresh. Counts as no hit.</summary>
    /// <param name="key">The key; a string is one too.</param>
    public bool Contains(ReadOnlySpan<char> key) => _core.Find(key, OrdinalKeys.Instance) is { } entry && entry.IsFreshNow(_core.Clock);

    /// <summary>Takes back what a lease held.</summary>
    internal void Return(PayloadHold hold, CacheEntry<string, Payload>? entry)
    {
        _holds.TryReturn(hold);
        if (entry is not null)
        {
            _core.Unpin(entry);
        }
    }

    // The payload of a key, counted as used; null, and counted as missed, if it is not there or not fresh.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Payload? Find(ReadOnlySpan<char> key)
    {
        var entry = _core.Find(key, OrdinalKeys.Instance);
        if (entry is null || !entry.IsFresh(_core.Clock))
        {
            return Miss(entry);
        }

        _core.Touch(entry);
        Heat.Add(ref entry.Value.Heat, _hot.Epoch);
        return entry.Value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Payload? Miss(CacheEntry<string, Payload>? entry)
    {
        _counters.Increment(PayloadColumn.Misses);
        if (entry is not null && _core.Clock.Coarse >= entry.DeadAt)
        {
            _core.RemoveDead(entry);
        }

        return null;
    }

    private bool Hit()
    {
        _counters.Increment(PayloadColumn.Hits);
        return true;
    }

    private bool Damaged(Payload payload)
    {
        _counters.Increment(PayloadColumn.Corrupt);
        _counters.Increment(PayloadColumn.Misses);
        _core.Remove(payload.Entry, RemovalReason.Removed);
        return false;
    }

    private bool TryInflate(Payload payload, out PayloadLease lease)
    {
        var rented = ArrayPool<byte>.Shared.Rent(payload.Length);
        if (_codec.Decode(payload.Bytes, rented, out _) != FrameStatus.Ok)
        {
            ArrayPool<byte>.Shared.Return(rented);
            lease = default;
            return Damaged(payload);
        }

        var hold = _holds.Take();
        hold.Rent(rented, payload.Length);
        lease = new PayloadLease(hold);
        return Inflated(payload);
    }
}
