using System.Numerics;

namespace Resilience.Caching;

/// <summary>
/// The hashes of what was given up last: a set that forgets in the order of arrival. Groups of four slots, each a hash and the number of its
/// arrival; where a group is full, its oldest goes first. Guarded by its owner.
/// </summary>
internal sealed class GhostQueue
{
    private const int Ways = 4;
    private readonly ulong[] _slots;
    private readonly uint _groups;
    private readonly uint _length;

    // Starts so high that an empty slot is long past.
    private uint _arrivals;

    internal GhostQueue(int length)
    {
        _length = (uint)Math.Max(1, length);
        _arrivals = _length + 1;
        _groups = BitOperations.RoundUpToPowerOf2(Math.Max(1, _length / 2));
        _slots = new ulong[_groups * Ways];
    }

    internal void Add(uint hash)
    {
        ref var slot = ref OldestOrSame(hash);
        slot = ((ulong)++_arrivals << 32) | hash;
    }

    /// <summary>Whether a hash is among them; it is then forgotten.</summary>
    internal bool Take(uint hash)
    {
        foreach (ref var slot in Group(hash))
        {
            if ((uint)slot == hash && slot != 0)
            {
                var isKept = _arrivals - (uint)(slot >> 32) < _length;
                slot = 0;
                return isKept;
            }
        }

        return false;
    }

    private ref ulong OldestOrSame(uint hash)
    {
        var group = Group(hash);
        var oldest = 0;
        for (var i = 0; i < Ways; i++)
        {
            if ((uint)group[i] == hash)
            {
                return ref group[i];
            }

            if (_arrivals - (uint)(group[i] >> 32) > _arrivals - (uint)(group[oldest] >> 32))
            {
                oldest = i;
            }
        }

        return ref group[oldest];
    }

    private Span<ulong> Group(uint hash) => _slots.AsSpan((int)((hash * 0x9E37_79B1u) >> 7 & (_groups - 1)) * Ways, Ways);
}
