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

        Use(entry);
        return entry.Value;
    }

    // A lease on the payload of a fresh entry, counted as a hit. Without one nothing is counted, and the entry is what is not fresh, if anything.
    private bool TryRent(ReadOnlySpan<char> key, out PayloadLease lease, out CacheEntry<string, Payload>? entry)
    {
        while ((entry = _core.Find(key, OrdinalKeys.Instance)) is not null && entry.IsFresh(_core.Clock))
        {
            var payload = entry.Value;
            if (payload.IsCompressed)
            {
                if (TryInflate(payload, out lease))
                {
                    Use(entry);
                    return Inflated(payload);
                }

                entry = null;
                return false;
            }

            if (entry.TryPin<Production>())
            {
                var hold = _holds.Take();
                hold.Pin(entry);
                lease = new PayloadLease(hold);
                Use(entry);
                return Hit();
            }

            // It is being replaced or removed; the next look finds what has come in its place.
            _core.Await();
        }

        lease = default;
        return false;
    }

    // A lease on what was found or created, stored or not; false if it is a damaged frame. Counts nothing.
    private bool TryLease(Payload payload, out PayloadLease lease)
    {
        if (payload.IsCompressed)
        {
            return TryInflate(payload, out lease);
        }

        var hold = _holds.Take();
        if (payload.Entry is { } entry && entry.TryPin<Production>())
        {
            hold.Pin(entry);
        }
        else
        {
            hold.Keep(payload.Bytes);
        }

        lease = new PayloadLease(hold);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Use(CacheEntry<string, Payload> entry)
    {
        _core.Touch(entry);
        Heat.Add(ref entry.Value.Heat, _hot.Epoch);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Payload? Miss(CacheEntry<string, Payload>? entry)
    {
        var now = _core.Clock.Coarse;
        _windows.Miss(now);
        if (entry is not null && now >= entry.DeadAt)
        {
            _core.RemoveDead(entry);
        }

        return null;
    }

    private bool Hit()
    {
        _counters.Increment(CacheColumn.Hits);
        return true;
    }

    private bool Damaged(Payload payload)
    {
        RemoveDamaged(payload);
        return Miss(null) is not null;
    }

    private void RemoveDamaged(Payload payload)
    {
        _forms.Increment(PayloadColumn.Corrupt);
        _core.Remove(payload.Entry, RemovalReason.Removed);
    }

    private bool TryInflate(Payload payload, out PayloadLease lease)
    {
        var rented = ArrayPool<byte>.Shared.Rent(payload.Length);
        if (_codec.Decode(payload.Bytes, rented, out _) != FrameStatus.Ok)
        {
            ArrayPool<byte>.Shared.Return(rented);
            RemoveDamaged(payload);
            lease = default;
            return false;
        }

        var hold = _holds.Take();
        hold.Rent(rented, payload.Length);
        lease = new PayloadLease(hold);
        return true;
    }
}
