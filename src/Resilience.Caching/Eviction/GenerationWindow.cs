namespace Resilience.Caching;

/// <summary>
/// A queue in 64 generations, each first in, first out. A node knows the generation of its last hit, which is how the order of last use is
/// had without moving anything on a hit. Guarded by its owner.
/// </summary>
/// <typeparam name="TNode">What is queued.</typeparam>
/// <typeparam name="TNodes">How it is reached; the first 64 rings are the window's.</typeparam>
internal sealed class GenerationWindow<TNode, TNodes>(TNodes nodes)
    where TNode : struct
    where TNodes : struct, INodes<TNode>
{
    internal const int Generations = 64;
    private readonly TNodes _nodes = nodes;
    private readonly Rings<TNode, TNodes> _rings = new(nodes);
    private int _oldest;

    internal int Count { get; private set; }

    /// <summary>The generation of what comes now.</summary>
    internal int Now { get; private set; }

    /// <summary>The generation as nodes keep it, above their count.</summary>
    internal ushort Mark => (ushort)((Now & 0xFF) << 8);

    /// <summary>What is next to leave, or a head. Needs no owner, and may then be past.</summary>
    internal TNode Next => _nodes.Before(_nodes.Head(Ring(_oldest)));

    internal void Advance()
    {
        Now++;
        if (Now - _oldest == Generations)
        {
            // The ring of the oldest generation is that of the new one.
            _rings.TakeBehind(Ring(_oldest + 1), Ring(_oldest));
            _oldest++;
        }
    }

    /// <summary>Adds a node to the generation of its last hit.</summary>
    internal void Add(TNode node)
    {
        _rings.Add(Ring(Math.Max(_oldest, GenerationOf(node))), node);
        Count++;
    }

    internal void Remove(TNode node)
    {
        _rings.Remove(node);
        Count--;
    }

    /// <summary>The node that has been longest in the oldest generation, with that generation; false if there is none.</summary>
    internal bool TryOldest(out TNode oldest, out int generation)
    {
        while (_oldest < Now && _rings.IsEmpty(Ring(_oldest)))
        {
            _oldest++;
        }

        generation = _oldest;
        return _rings.TryOldest(Ring(_oldest), out oldest);
    }

    /// <summary>The generation of the node's last hit, as far as its 8 bits tell.</summary>
    internal int GenerationOf(TNode node) => Now - (byte)(Now - (_nodes.Marks(node) >> 8));

    private static int Ring(int generation) => generation & (Generations - 1);
}
