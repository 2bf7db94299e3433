namespace Resilience.Caching;

/// <summary>
/// The decisions of the adaptive policy under one setting: a window that everything enters, a main queue whose hand spends counts (CLOCK), the
/// ghosts of what was given up, and a sketch of frequencies fed by misses and by the hand. Runs the cache itself and its shadows alike.
/// Guarded by its owner.
/// </summary>
/// <remarks>
/// Sources of the parts: Corbató 1968 (CLOCK); Johnson and Shasha, "2Q", 1994; Einziger, Friedman and Manes, "TinyLFU", 2017; Yang et al., "FIFO
/// queues are all you need for cache eviction", 2023.
/// </remarks>
internal sealed class TwoQueues
{
    internal const int MostCount = 15;
    private const byte InWindow = 0;
    private const byte InMain = 1;
    private const double GhostShare = 1.5;

    // So many misses make a generation, as a share of the capacity: the window's generations cover it all.
    private const int GenerationsInCapacity = 56;
    private const int CountsToMain = 2;
    private readonly GenerationWindow _window = new();
    private readonly NodeRing _main = new();
    private GhostQueue? _ghosts;
    private FrequencySketch? _sketch;
    private int _capacity;
    private int _sized;
    private int _missesOfGeneration;
    private bool _nextIsGhost;

    internal TwoQueues(AdaptiveSetting setting, int capacity)
    {
        Setting = setting;
        _capacity = capacity;
    }

    internal AdaptiveSetting Setting { get; set; }

    internal int MainCount { get; private set; }

    internal int Count => _window.Count + MainCount;

    /// <summary>How many entries the last eviction moved.</summary>
    internal int Moves { get; private set; }

    internal ushort Mark => _window.Mark;

    internal int Capacity
    {
        get => _capacity;
        set
        {
            _capacity = value;
            if (value > 2 * _sized || value < _sized / 2)
            {
                // What is remembered of keys that have left is made anew; smaller changes it takes as it is.
                _ghosts = null;
                _sketch = null;
            }
        }
    }

    private int WindowShare => Math.Max(1, (int)(Setting.Window * _capacity));

    private int MainShare => _capacity - WindowShare;

    private bool IsWindowFull => _window.Count + (_nextIsGhost ? 0 : 1) > WindowShare;

    /// <summary>What a hit makes of an entry's marks.</summary>
    internal static ushort Counted(ushort marks, ushort generation) => (ushort)(generation | Math.Min(MostCount, (marks & MostCount) + 1));

    /// <summary>A key comes that is not here.</summary>
    internal void Missed(uint hash)
    {
        if (++_missesOfGeneration * GenerationsInCapacity >= _capacity)
        {
            _missesOfGeneration = 0;
            _window.Advance();
        }

        // Made when they are first needed: a cache that never evicts has none.
        if (_sketch is null)
        {
            if (Count < _capacity)
            {
                return;
            }

            _sized = _capacity;
            _sketch = new FrequencySketch(_capacity);
            _ghosts = new GhostQueue((int)(GhostShare * _capacity));
        }

        _sketch.Add(hash);
        _nextIsGhost = _ghosts!.Take(hash) && Setting.AdmitsGhosts;
    }

    internal void Add(CacheNode node)
    {
        node.Marks = (ushort)(Mark | (node.Marks & MostCount));
        if (_nextIsGhost)
        {
            _nextIsGhost = false;
            AddMain(node);
            return;
        }

        AddWindow(node);
    }

    internal void Remove(CacheNode node)
    {
        if (node.Place == InWindow)
        {
            _window.Remove(node);
            return;
        }

        NodeRing.Remove(node);
        MainCount--;
    }

    /// <summary>Takes out the entry to give up; null if there is none.</summary>
    internal CacheNode? Evict()
    {
        var moves = 0;
        var victim = Setting.IsRecency ? LeastRecent(ref moves) : LeastWorth(ref moves);
        Moves = moves;
        if (victim is not null)
        {
            Remove(victim);
            _ghosts?.Add(victim.Hash);
            Spend(victim, victim.Marks & MostCount);
        }

        return victim;
    }

    private void AddWindow(CacheNode node)
    {
        node.Place = InWindow;
        _window.Add(node);
    }

    private void AddMain(CacheNode node)
    {
        node.Place = InMain;
        _main.Add(node);
        MainCount++;
    }

    private CacheNode? LeastRecent(ref int moves)
    {
        // What another setting has left in the main queue goes to where it was last used.
        while (MainCount > 0 && moves < EvictionPolicy.MostMoves)
        {
            moves++;
            var node = _main.Oldest!;
            Remove(node);
            AddWindow(node);
        }

        while (_window.Oldest(out var generation) is { } oldest)
        {
            if (moves == EvictionPolicy.MostMoves || _window.GenerationOf(oldest) <= generation)
            {
                return oldest;
            }

            moves++;
            _window.Remove(oldest);
            _window.Add(oldest);
        }

        return _main.Oldest;
    }

    private CacheNode? LeastWorth(ref int moves)
    {
        while (IsWindowFull && _window.Oldest(out _) is { } candidate)
        {
            if (moves < EvictionPolicy.MostMoves && ((candidate.Marks & MostCount) >= CountsToMain || MainCount < MainShare))
            {
                moves++;
                Promote(candidate);
                continue;
            }

            if (Hand(ref moves) is not { } victim)
            {
                return candidate;
            }

            if (Worth(candidate) <= Worth(victim))
            {
                return candidate;
            }

            Promote(candidate);
            return victim;
        }

        return Hand(ref moves) ?? _window.Oldest(out _);
    }

    // The main queue's next to go: counts are spent until one is found that has none.
    private CacheNode? Hand(ref int moves)
    {
        while (_main.Oldest is { } node)
        {
            if ((node.Marks & MostCount) == 0 || moves == EvictionPolicy.MostMoves)
            {
                return node;
            }

            moves++;
            Spend(node, 1);
            NodeRing.Remove(node);
            _main.Add(node);
        }

        return null;
    }

    // What it earned in the window goes to the sketch: in the main queue it must be asked for again.
    private void Promote(CacheNode node)
    {
        _window.Remove(node);
        Spend(node, node.Marks & MostCount);
        AddMain(node);
    }

    private void Spend(CacheNode node, int counts)
    {
        if (counts > 0)
        {
            node.Marks -= (ushort)counts;
            _sketch?.Add(node.Hash, counts);
        }
    }

    private int Worth(CacheNode node) => (_sketch?.Frequency(node.Hash) ?? 0) + (node.Marks & MostCount);
}
