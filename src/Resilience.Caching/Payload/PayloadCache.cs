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
        _windows = new HitWindows(_counters, _core.Clock.Coarse);
        _flights = new CacheFlights<string, Payload>(this, _core, _counters, _windows, Options.Creation);
        _gets = LatencySample.If(Options.MeasuresLatency, Options.TimeProvider);
        _sets = LatencySample.If(Options.MeasuresLatency, Options.TimeProvider);
        _hot = new HotSet(HotBytesOf(Options.MaxBytes), Options.Seed ?? (uint)Environment.TickCount);
        _memory = new HeatMemory(Options.MaxBytes);
        _queue = new CompressionQueue<Payload>(Options.QueueCapacity, Work, isManual);
        if (Options.Name is { } name)
        {
            CacheMetrics.Add(name, this);
        }
    }

    /// <summary>The options it was made with.</summary>
    public PayloadCacheOptions Options { get; }

    /// <summary>How many entries it holds, with those that have expired and not been removed yet.</summary>
    public int Count => _core.Bounds.Entries;

    /// <summary>How many bytes it holds, raw and compressed, with those under a lease that have left.</summary>
    public long Bytes => _core.Bounds.Bytes;

    /// <summary>
    /// The keys that are fresh. Those that come or go meanwhile may be among them or not; all others are, once. Counts as no hit.
    /// </summary>
    public IEnumerable<string> Keys => _core.Enumerate().Where(entry => entry.IsFreshNow(_core.Clock)).Select(static entry => entry.Key);

    /// <summary>The core, for tests.</summary>
    internal CacheCore<string, Payload, Production> Core => _core;

    /// <summary>Writes a key's payload to a writer, such as a pipe's, if it is there and fresh. Nothing is flushed.</summary>
    /// <param name="key">The key; a string is one too.</param>
    /// <param name="destination">Where the payload goes; it is not touched on a miss.</param>
    public bool TryGet(ReadOnlySpan<char> key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (_gets is not null && LatencySample.IsDue())
        {
            var start = _gets.Tracker.Start();
            var found = TryGet(key, destination);
            _gets.Tracker.Record(start);
            return found;
        }

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
        if (_gets is not null && LatencySample.IsDue())
        {
            var start = _gets.Tracker.Start();
            var found = TryGet(key, destination, out length);
            _gets.Tracker.Record(start);
            return found;
        }

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
        if (_gets is not null && LatencySample.IsDue())
        {
            var start = _gets.Tracker.Start();
            var found = Get(key);
            _gets.Tracker.Record(start);
            return found;
        }

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
    /// <param name="cancellationToken">Ends the flush; if it is cancelled before, nothing is written.</param>
    public async ValueTask<bool> CopyToAsync(string key, PipeWriter destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
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
        if (_gets is not null && LatencySample.IsDue())
        {
            var start = _gets.Tracker.Start();
            var found = TryRent(key, out lease);
            _gets.Tracker.Record(start);
            return found;
        }

        if (TryRent(key, out lease, out var entry))
        {
            return true;
        }

        Miss(entry);
        return false;
    }

    /// <summary>Whether a key is there and fresh. Counts as no hit.</summary>
    /// <param name="key">The key; a string is one too.</param>
    public bool Contains(ReadOnlySpan<char> key) => _core.Find(key, OrdinalKeys.Instance) is { } entry && entry.IsFreshNow(_core.Clock);
}
