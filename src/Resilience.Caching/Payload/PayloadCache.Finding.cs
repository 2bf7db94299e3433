using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <content>Finding a payload, and taking it out of its frame.</content>
public sealed partial class PayloadCache
{
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
