namespace Resilience.Caching;

/// <summary>
/// A queue in 64 generations, each first in, first out. An entry knows the generation of its last hit, which is how the order of last use is
/// had without moving anything on a hit. Guarded by its owner.
/// </summary>
internal sealed class GenerationWindow
{
    internal const int Generations = 64;
    private readonly NodeRing[] _rings = new NodeRing[Generations];
    private int _oldest;

    internal GenerationWindow()
    {
        for (var i = 0; i < Generations; i++)
        {
            _rings[i] = new NodeRing();
        }
    }

    internal int Count { get; private set; }

    /// <summary>The generation of what comes now.</summary>
    internal int Now { get; private set; }

    /// <summary>The generation as entries keep it, above their count.</summary>
    internal ushort Mark => (ushort)((Now & 0xFF) << 8);

    internal void Advance()
    {
        Now++;
        if (Now - _oldest == Generations)
        {
            // The ring of the oldest generation is that of the new one.
            Ring(_oldest + 1).TakeBehind(Ring(_oldest));
            _oldest++;
        }
    }

    /// <summary>Adds an entry to the generation of its last hit.</summary>
    internal void Add(CacheNode node)
    {
        Ring(Math.Max(_oldest, GenerationOf(node))).Add(node);
        Count++;
    }

    internal void Remove(CacheNode node)
    {
        NodeRing.Remove(node);
        Count--;
    }

    /// <summary>The entry that has been longest in the oldest generation, with that generation; null if there is none.</summary>
    internal CacheNode? Oldest(out int generation)
    {
        while (_oldest < Now && Ring(_oldest).IsEmpty)
        {
            _oldest++;
        }

        generation = _oldest;
        return Ring(_oldest).Oldest;
    }

    /// <summary>The generation of the entry's last hit, as far as its 8 bits tell.</summary>
    internal int GenerationOf(CacheNode node) => Now - (byte)(Now - (node.Marks >> 8));

    private NodeRing Ring(int generation) => _rings[generation & (Generations - 1)];
}
