using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>
/// The names of the object that was last at one depth, in the order in which they came. Objects beside each other mostly have the same
/// names in the same order: then each name is compared with the one that is expected, and who has seen all of them as expected knows
/// their order by hash, and that none comes twice. Of names that are not as expected nothing follows but that they are looked up. Not safe
/// for concurrent use; allocates once.
/// </summary>
internal sealed class ObjectShape
{
    private const int Most = 32;
    private readonly Entry[] _names = new Entry[Most];
    private readonly byte[] _order = new byte[Most];
    private int _ordered;

    /// <summary>The hash of a name if it is the expected one.</summary>
    /// <param name="place">How many names of the object came before.</param>
    /// <param name="words">The name.</param>
    /// <param name="hash">Its hash.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGet(int place, in NameWords words, out Hash128 hash)
    {
        var names = _names;
        if ((uint)place < (uint)names.Length && names[place].Words == words && words.Length != 0)
        {
            hash = names[place].Hash;
            return true;
        }

        hash = default;
        return false;
    }

    /// <summary>Another name came: from here on it is expected.</summary>
    internal void Expect(int place, in NameWords words, Hash128 hash)
    {
        _ordered = 0;
        if (place < Most)
        {
            _names[place] = new Entry(words, hash);
        }
    }

    /// <summary>The places of the members by the hashes of their names, if so many were ordered before; empty if not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan<byte> OrderOf(int count) => _ordered == count ? _order.AsSpan(0, count) : default;

    /// <summary>Keeps the order of members that came as expected and were then sorted.</summary>
    internal void Keep(ReadOnlySpan<DigestMember> sorted)
    {
        if (sorted.Length > Most)
        {
            return;
        }

        for (var i = 0; i < sorted.Length; i++)
        {
            var place = 0;
            while (_names[place].Hash != sorted[i].Name)
            {
                place++;
            }

            _order[i] = (byte)place;
        }

        _ordered = sorted.Length;
    }

    private readonly record struct Entry(NameWords Words, Hash128 Hash);
}
