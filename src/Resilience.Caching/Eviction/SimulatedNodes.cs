using System.Runtime.InteropServices;

namespace Resilience.Caching;

/// <summary>The keys of a simulation, by number: the heads of the rings first, then the keys. Number 0 is a head, and so stands for no key.</summary>
internal readonly struct SimulatedNodes : INodes<ushort>
{
    private readonly Node[] _nodes;

    internal SimulatedNodes(int rings, int keys)
    {
        _nodes = new Node[rings + keys];
        for (var i = 0; i < rings; i++)
        {
            _nodes[i].Before = (ushort)i;
            _nodes[i].After = (ushort)i;
        }
    }

    public ushort Head(int ring) => (ushort)ring;

    public ushort Before(ushort node) => _nodes[node].Before;

    public ushort After(ushort node) => _nodes[node].After;

    public void Join(ushort node, ushort after)
    {
        _nodes[node].After = after;
        _nodes[after].Before = node;
    }

    public void Clear(ushort node)
    {
    }

    public bool AreSame(ushort one, ushort other) => one == other;

    public uint Hash(ushort node) => _nodes[node].Hash;

    public ref ushort Marks(ushort node) => ref _nodes[node].Marks;

    public ref byte Place(ushort node) => ref _nodes[node].Place;

    /// <summary>The next key in the chain of its hash.</summary>
    internal ref ushort Next(ushort node) => ref _nodes[node].Next;

    /// <summary>Lets a number stand for another key.</summary>
    internal void Rename(ushort node, uint hash)
    {
        _nodes[node].Hash = hash;
        _nodes[node].Marks = 0;
    }

    // Packed: a byte more would be four, in some thousands of them.
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Node
    {
        public uint Hash;
        public ushort Before;
        public ushort After;
        public ushort Next;
        public ushort Marks;
        public byte Place;
    }
}
