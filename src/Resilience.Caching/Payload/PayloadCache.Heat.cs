namespace Resilience.Caching;

/// <content>Which payloads are compressed, and which become raw again.</content>
public sealed partial class PayloadCache
{
    // So many compressions one write asks for at most; the next one goes on.
    private const int MostAsked = 16;

    // So many colder payloads one hotter one may displace: they can be shorter than it is.
    private const int MostDisplaced = 4;
    private readonly HotSet _hot;
    private readonly CompressionQueue<Payload> _queue;
    private HeatMemory _memory;
    private long _overflowed;

    // Forms that took another form's place: replaced entries to the core, and to nobody else.
    private long _swapped;

    /// <summary>The bytes of the raw payloads that are watched, for tests.</summary>
    internal long HotBytes => _hot.Bytes;

    /// <summary>Does the background work that waits, on this thread.</summary>
    internal void DrainBackground() => _queue.Drain();

    // A hit on a compressed payload: it becomes raw again if it is used more than the coldest raw one.
    private bool Inflated(Payload payload)
    {
        _counters.Increment(CacheColumn.Hits);
        _forms.Increment(PayloadColumn.Inflated);
        _hot.Age(_core.Bounds.Entries);
        if (Options.ColdShare < 1 && Volatile.Read(ref payload.IsPromoting) == 0)
        {
            Promote(payload);
        }

        return true;
    }

    private void Promote(Payload payload)
    {
        if (Interlocked.CompareExchange(ref payload.IsPromoting, 1, 0) != 0)
        {
            return;
        }

        var heat = Heat.Of(Volatile.Read(ref payload.Heat), _hot.Epoch);
        var freed = 0;
        for (var i = 0; freed < payload.Length && i < MostDisplaced; i++)
        {
            if (!_hot.TryMakeRoom(heat, payload.Length, out var colder))
            {
                if (i > 0)
                {
                    break;
                }

                Volatile.Write(ref payload.IsPromoting, 0);
                return;
            }

            freed += colder?.Length ?? payload.Length;
            if (colder is not null)
            {
                Enqueue(colder);
            }
        }

        // The queue is in order: what was displaced has given up its bytes before.
        if (!_queue.TryEnqueue(payload))
        {
            Interlocked.Increment(ref _overflowed);
            Volatile.Write(ref payload.IsPromoting, 0);
        }
    }

    private void CompressCold()
    {
        for (var i = 0; i < MostAsked && _hot.TryTakeCold(out var cold) && Enqueue(cold); i++)
        {
        }
    }

    // When the queue is full the payload stays raw, and is asked for again later if it is not hot.
    private bool Enqueue(Payload payload)
    {
        if (_queue.TryEnqueue(payload))
        {
            return true;
        }

        Interlocked.Increment(ref _overflowed);
        Watch(payload, isKnown: true);
        return false;
    }

    private void Work(Payload payload)
    {
        if (!payload.IsCompressed)
        {
            Compress(payload);
        }
        else
        {
            Inflate(payload);
            Volatile.Write(ref payload.IsPromoting, 0);
        }
    }

    private void Compress(Payload payload)
    {
        var entry = payload.Entry;
        if (entry.IsPinned && !entry.IsLeaving)
        {
            Watch(payload, isKnown: true);
            return;
        }

        if (!entry.IsLeaving && Compressed(payload.Bytes) is { } compressed)
        {
            if (payload.WasCompressed)
            {
                _forms.Increment(PayloadColumn.Recompressions);
            }

            if (!TrySwap(payload, compressed))
            {
                // Leased meanwhile, perhaps: it stays raw for now.
                Watch(payload, isKnown: true);
                return;
            }
        }

        // What the queue had no room for comes now, though nobody sets anything. Not after a payload has gone back: it would come at once.
        CompressCold();
    }

    private void Inflate(Payload payload)
    {
        if (payload.Entry.IsLeaving)
        {
            return;
        }

        var raw = new Payload(GC.AllocateUninitializedArray<byte>(payload.Length), payload.Length, isCompressed: false) { WasCompressed = true };
        if (_codec.Decode(payload.Bytes, raw.Bytes, out _) != FrameStatus.Ok)
        {
            RemoveDamaged(payload);
            return;
        }

        if (TrySwap(payload, raw))
        {
            _forms.Increment(PayloadColumn.Promotions);
            Watch(raw, isKnown: true);
        }
    }

    private bool TrySwap(Payload old, Payload form)
    {
        form.Heat = Volatile.Read(ref old.Heat);
        if (!_core.TrySwap(old.Entry, Make(old.Entry.Key, form, old.Entry.Hash)))
        {
            return false;
        }

        Interlocked.Increment(ref _swapped);
        Tally(form, 1);
        return true;
    }

    // Puts a raw payload into the hot set. It may leave the cache at the same time: either this sees that it is leaving, or its release comes
    // later and takes it out.
    private void Watch(Payload payload, bool isKnown)
    {
        if (Options.ColdShare == 1)
        {
            return;
        }

        if (isKnown)
        {
            _hot.AddKnown(payload);
        }
        else
        {
            _hot.Add(payload);
        }

        if (payload.Entry.IsLeaving)
        {
            _hot.Remove(payload);
        }
    }

    private void Released(CacheEntry<string, Payload> entry, RemovalReason reason)
    {
        var payload = entry.Value;
        _hot.Remove(payload);
        Tally(payload, -1);
        if (reason is RemovalReason.Evicted or RemovalReason.Expired)
        {
            Volatile.Read(ref _memory).Keep(entry.Hash, Volatile.Read(ref payload.Heat));
        }
    }
}
