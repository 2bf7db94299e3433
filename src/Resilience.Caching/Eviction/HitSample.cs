using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Resilience.Caching;

/// <summary>
/// What hits read of the adaptive policy, and what was lately asked for of the sampled keys. Lossy: what does not fit, or meets another write, is
/// dropped. A full buffer is only read, so that hits on a cache without misses share no written line.
/// </summary>
internal sealed class HitSample
{
    // So many are simulated together: the simulations are large, and cold when they are seldom looked at.
    private const int Batch = 16;
    private const int Most = 64 + Batch;
    private readonly uint[] _hashes = new uint[Most];
    private readonly uint _secret;
    private Line _line;

    internal HitSample(uint secret)
    {
        _secret = secret;
        Mark = 0;
    }

    /// <summary>The generation of a hit now. Written under the gate.</summary>
    internal ushort Mark
    {
        set => _line.Full = (ushort)(value | TwoQueues.MostCount);
    }

    /// <summary>A key is in the sample if its mixed hash is below this. Written under the gate.</summary>
    internal uint Below
    {
        set => _line.Below = value;
    }

    /// <summary>Counts a hit: writes its marks if they change, and keeps it for the simulations if its key is in the sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Count(CacheNode node)
    {
        var marks = node.Marks;
        var full = _line.Full;
        if (marks != full)
        {
            node.Marks = TwoQueues.Counted(marks, (ushort)(full - TwoQueues.MostCount));
        }

        if (Has(node.Hash))
        {
            Add(node.Hash);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Has(uint hash) => (hash ^ _secret) * 0x85EB_CA77u < _line.Below;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Add(uint hash)
    {
        // Plain: two hits at once may take one place, and one of them is lost.
        var count = _line.Count;
        if ((uint)count < Most)
        {
            _hashes[count] = hash;
            _line.Count = count + 1;
        }
    }

    /// <summary>Empties the buffer into the simulations, in order, if there is enough in it.</summary>
    internal void DrainTo(Steering steering)
    {
        var count = Math.Min(Most, _line.Count);
        if (count < Batch)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            steering.Ask(_hashes[i]);
        }

        _line.Count = 0;
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Line
    {
        [FieldOffset(64)]
        public uint Below;

        // The marks of an entry that was hit now and counts the most.
        [FieldOffset(68)]
        public ushort Full;

        // A line of its own: it is written by hits.
        [FieldOffset(192)]
        public int Count;
    }
}
