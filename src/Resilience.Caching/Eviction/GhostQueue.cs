using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Resilience.Caching;

/// <summary>
/// The hashes of what was given up last: a set that forgets in the order of arrival. Groups of four slots, each a hash and the number of its
/// arrival; where a group is full, its oldest goes first. Guarded by its owner.
/// </summary>
/// <remarks>
/// The four slots are looked at at once, and the oldest is found without a branch: which one it is nobody can predict, and a wrong guess costs as much as
/// all the rest.
/// </remarks>
internal sealed class GhostQueue
{
    private const int Ways = 4;

    // The hashes among the eight halves of a group.
    private const uint Hashes = 0b0101_0101;
    private readonly ulong[] _slots;
    private readonly uint _groups;
    private readonly uint _length;

    // Starts so high that an empty slot is long past.
    private uint _arrivals;

    internal GhostQueue(int length)
    {
        _length = (uint)Math.Max(1, length);
        _arrivals = _length + 1;
        _groups = Math.Max(1, _length / 2);
        _slots = new ulong[_groups * Ways];
    }

    /// <summary>Asks for the memory of a hash.</summary>
    internal void Expect(uint hash) => Prefetch.Line(ref Group(hash));

    internal void Add(uint hash)
    {
        ref var group = ref Group(hash);
        var place = IndexOf(ref group, hash);
        Unsafe.Add(ref group, place < 0 ? Oldest(ref group) : place) = ((ulong)++_arrivals << 32) | hash;
    }

    /// <summary>Whether a hash is among them; it is then forgotten.</summary>
    internal bool Take(uint hash)
    {
        ref var group = ref Group(hash);
        var place = IndexOf(ref group, hash);
        if (place < 0)
        {
            return false;
        }

        ref var slot = ref Unsafe.Add(ref group, place);
        var isKept = slot != 0 && _arrivals - (uint)(slot >> 32) < _length;
        slot = 0;
        return isKept;
    }

    private static int IndexOf(ref ulong group, uint hash)
    {
        var same = Vector256.Equals(Vector256.LoadUnsafe(ref group).AsUInt32(), Vector256.Create(hash)).ExtractMostSignificantBits() & Hashes;
        return same == 0 ? -1 : BitOperations.TrailingZeroCount(same) >> 1;
    }

    // The numbers of arrival may have started again: they are compared by their distance from the next.
    private int Oldest(ref ulong group)
    {
        var next = (ulong)(_arrivals + 1) << 32;
        var (first, second) = (group - next, Unsafe.Add(ref group, 1) - next);
        var (third, fourth) = (Unsafe.Add(ref group, 2) - next, Unsafe.Add(ref group, 3) - next);
        var low = second < first ? 1 : 0;
        var high = fourth < third ? 3 : 2;
        return Math.Min(third, fourth) < Math.Min(first, second) ? high : low;
    }

    // Below the number of groups, which is why nothing is checked.
    private ref ulong Group(uint hash) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), (int)(((ulong)TwoQueues.Mixed(hash) * _groups) >> 32) * Ways);
}
