namespace Resilience.Caching;

/// <summary>
/// The raw payloads that could be compressed, and which of them to compress when they take more than their share. New ones pass through a
/// short queue; at its end each is compared with the coldest of the others, found among 16 drawn at random. Source of the sampled
/// ranking: Redis, "Using Redis as an LRU cache".
/// </summary>
/// <remarks>Safe for concurrent use; constant time. The lock is held for a few instructions.</remarks>
internal sealed class HotSet
{
    // Of 16 the coldest is nearly one of the coldest twentieth: beside 8, a twentieth fewer hits inflate (cache.payload.density.inflating).
    private const int Samples = 16;
    private const int FreshShare = 32;

    // By so much more must a payload count to change places with a raw one: small counts differ by chance, and each change is a compression.
    private const int Lead = 2;

    // An epoch lasts so many writes and inflating hits a stored entry.
    private const int EpochFactor = 4;
    private const int LeastEpoch = 1024;
    private readonly Lock _gate = new();
    private readonly List<Payload> _main = [];
    private Payload? _oldest;
    private Payload? _newest;
    private long _limit;
    private long _freshLimit;
    private long _bytes;
    private long _freshBytes;
    private ulong _random;
    private long _events;
    private int _epoch;

    /// <summary>An empty set.</summary>
    /// <param name="limit">The bytes that raw payloads may take.</param>
    /// <param name="seed">Decides the draws.</param>
    internal HotSet(long limit, uint seed)
    {
        _limit = limit;
        _freshLimit = limit / FreshShare;
        _random = ((ulong)seed << 1) | 1;
    }

    /// <summary>The epoch that heat is counted in.</summary>
    internal int Epoch => Volatile.Read(ref _epoch);

    /// <summary>The bytes of the payloads in the set.</summary>
    internal long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Changes the bytes that raw payloads may take.</summary>
    internal void Resize(long limit)
    {
        lock (_gate)
        {
            _limit = limit;
            _freshLimit = limit / FreshShare;
        }
    }

    /// <summary>Counts a write or an inflating hit: what epochs are measured by, since neither is on the fastest way.</summary>
    internal void Age(int entries)
    {
        if (Interlocked.Increment(ref _events) > Math.Max(LeastEpoch, (long)EpochFactor * entries))
        {
            Volatile.Write(ref _events, 0);
            Interlocked.Increment(ref _epoch);
        }
    }

    /// <summary>Takes in a new payload.</summary>
    internal void Add(Payload payload)
    {
        lock (_gate)
        {
            payload.Place = HotPlace.Fresh;
            payload.Older = _newest;
            if (_newest is null)
            {
                _oldest = payload;
            }
            else
            {
                _newest.Newer = payload;
            }

            _newest = payload;
            _bytes += payload.Length;
            _freshBytes += payload.Length;
        }
    }

    /// <summary>Takes in a payload that has shown to be used.</summary>
    internal void AddKnown(Payload payload)
    {
        lock (_gate)
        {
            _bytes += payload.Length;
            AddMain(payload);
        }
    }

    /// <summary>Lets go of a payload, if it is there.</summary>
    internal void Remove(Payload payload)
    {
        lock (_gate)
        {
            Take(payload);
        }
    }

    /// <summary>Takes out the payload to compress next, if the set has more than its share.</summary>
    internal bool TryTakeCold(out Payload cold)
    {
        lock (_gate)
        {
            while (_freshBytes > _freshLimit && _bytes <= _limit)
            {
                Settle(_oldest!);
            }

            cold = null!;
            if (_bytes <= _limit)
            {
                return false;
            }

            var sampled = Coldest();
            cold = _freshBytes > _freshLimit || sampled is null ? _oldest! : sampled;
            if (cold.Place == HotPlace.Fresh && sampled is not null && HeatOf(cold) > HeatOf(sampled))
            {
                Settle(cold);
                cold = sampled;
            }

            Take(cold);
            return true;
        }
    }

    /// <summary>
    /// Whether a payload of some heat may become raw; takes out a colder one to make room for it, if it needs the room.
    /// </summary>
    internal bool TryMakeRoom(int heat, int length, out Payload? colder)
    {
        lock (_gate)
        {
            colder = null;
            if (_bytes + length <= _limit)
            {
                return true;
            }

            colder = Coldest();
            if (colder is null || HeatOf(colder) + Lead >= heat)
            {
                colder = null;
                return false;
            }

            Take(colder);
            return true;
        }
    }

    private int HeatOf(Payload payload) => Heat.Of(Volatile.Read(ref payload.Heat), _epoch);

    private Payload? Coldest()
    {
        Payload? coldest = null;
        for (var i = 0; i < Samples && _main.Count > 0; i++)
        {
            // Xorshift64 (Marsaglia, 2003).
            _random ^= _random << 13;
            _random ^= _random >> 7;
            _random ^= _random << 17;
            var drawn = _main[(int)((_random >> 33) % (ulong)_main.Count)];
            coldest = coldest is null || HeatOf(drawn) < HeatOf(coldest) ? drawn : coldest;
        }

        return coldest;
    }

    private void Settle(Payload fresh)
    {
        Unlink(fresh);
        AddMain(fresh);
    }

    private void AddMain(Payload payload)
    {
        payload.Place = HotPlace.Main;
        payload.Index = _main.Count;
        _main.Add(payload);
    }

    private void Take(Payload payload)
    {
        if (payload.Place == HotPlace.None)
        {
            return;
        }

        if (payload.Place == HotPlace.Fresh)
        {
            Unlink(payload);
        }
        else
        {
            var last = _main[^1];
            _main[payload.Index] = last;
            last.Index = payload.Index;
            _main.RemoveAt(_main.Count - 1);
        }

        payload.Place = HotPlace.None;
        _bytes -= payload.Length;
    }

    private void Unlink(Payload fresh)
    {
        if (fresh.Older is null)
        {
            _oldest = fresh.Newer;
        }
        else
        {
            fresh.Older.Newer = fresh.Newer;
        }

        if (fresh.Newer is null)
        {
            _newest = fresh.Older;
        }
        else
        {
            fresh.Newer.Older = fresh.Older;
        }

        (fresh.Older, fresh.Newer) = (null, null);
        _freshBytes -= fresh.Length;
    }
}
