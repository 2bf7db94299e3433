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
/// <typeparam name="TNode">What is queued.</typeparam>
/// <typeparam name="TNodes">How it is reached, with <see cref="TwoQueues.Rings"/> heads.</typeparam>
internal sealed partial class TwoQueues<TNode, TNodes>
    where TNode : struct
    where TNodes : struct, INodes<TNode>
{
    private const int MostCount = TwoQueues.MostCount;
    private const int Main = GenerationWindow<TNode, TNodes>.Generations;
    private const byte InWindow = 0;
    private const byte InMain = 1;
    private const double GhostShare = 1.5;

    // So many misses make a generation, as a share of the capacity: the window's generations cover it all.
    private const int GenerationsInCapacity = 56;
    private const int CountsToMain = 2;
    private readonly TNodes _nodes;
    private readonly Rings<TNode, TNodes> _rings;
    private readonly GenerationWindow<TNode, TNodes> _window;
    private readonly bool _keepsSetting;
    private GhostQueue? _ghosts;
    private FrequencySketch? _sketch;
    private int _capacity;
    private int _windowShare;
    private int _sized;
    private int _missesOfGeneration;
    private bool _isRecency;
    private bool _admitsGhosts;
    private bool _nextIsGhost;

    internal TwoQueues(AdaptiveSetting setting, int capacity, TNodes nodes, bool keepsSetting = false)
    {
        _keepsSetting = keepsSetting;
        _nodes = nodes;
        _rings = new Rings<TNode, TNodes>(nodes);
        _window = new GenerationWindow<TNode, TNodes>(nodes);
        _capacity = capacity;
        Setting = setting;
    }

    internal AdaptiveSetting Setting
    {
        get;
        set
        {
            field = value;
            _isRecency = value.IsRecency;
            _admitsGhosts = value.AdmitsGhosts;
            Share();
        }
    }

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
            Share();
            if (value > 2 * _sized || value < _sized / 2)
            {
                // What is remembered of keys that have left is made anew; smaller changes it takes as it is.
                _ghosts = null;
                _sketch = null;
            }
        }
    }

    private bool IsWindowFull => _window.Count + (_nextIsGhost ? 0 : 1) > _windowShare;

    /// <summary>Asks for what a key that is about to come will have read. Needs no owner.</summary>
    /// <returns>What is next to leave the window, or a head.</returns>
    internal TNode Expect(uint hash)
    {
        _sketch?.Expect(hash);
        if (_admitsGhosts)
        {
            _ghosts?.Expect(hash);
        }

        return _window.Next;
    }

    /// <summary>A key comes that is not here.</summary>
    internal void Missed(uint hash)
    {
        if (++_missesOfGeneration * GenerationsInCapacity >= _capacity)
        {
            _missesOfGeneration = 0;
            _window.Advance();
        }

        // Made when it is first needed: a cache that never evicts has none, nor has what never goes by it.
        if (_sketch is null)
        {
            if (Count < _capacity || (_isRecency && _keepsSetting))
            {
                return;
            }

            _sized = _capacity;
            _sketch = new FrequencySketch(_capacity);
        }

        // Fed under recency too: another setting that finds it cold is 1.4 points worse on multi3 at 1,000. Ghosts are kept only while they are admitted:
        // those of before are worth 0.01 points in the mean of all traces.
        _sketch.Add(hash);
        _nextIsGhost = _admitsGhosts && (_ghosts ??= new GhostQueue((int)(GhostShare * _sized))).Take(hash);
    }

    internal void Add(TNode node)
    {
        ref var marks = ref _nodes.Marks(node);
        marks = (ushort)(Mark | (marks & MostCount));
        if (_nextIsGhost)
        {
            _nextIsGhost = false;
            AddMain(node);
            return;
        }

        AddWindow(node);
    }

    internal void Remove(TNode node)
    {
        if (_nodes.Place(node) == InWindow)
        {
            _window.Remove(node);
            return;
        }

        _rings.Remove(node);
        MainCount--;
    }

    /// <summary>Puts <paramref name="next"/> where <paramref name="old"/> stood.</summary>
    internal void Replace(TNode old, TNode next)
    {
        _nodes.Place(next) = _nodes.Place(old);
        _rings.Replace(old, next);
    }

    /// <summary>Takes out the node to give up; false if there is none.</summary>
    internal bool TryEvict(out TNode victim)
    {
        var moves = 0;
        var isThere = _isRecency ? TryLeastRecent(out victim, ref moves) : TryLeastWorth(out victim, ref moves);
        Moves = moves;
        if (isThere)
        {
            Remove(victim);
            if (_admitsGhosts)
            {
                _ghosts?.Add(_nodes.Hash(victim));
            }

            Spend(victim, CountOf(victim));
        }

        return isThere;
    }

    private void Share() => _windowShare = Math.Max(1, (int)(Setting.Window * _capacity));

    private int CountOf(TNode node) => _nodes.Marks(node) & MostCount;

    private void AddWindow(TNode node)
    {
        _nodes.Place(node) = InWindow;
        _window.Add(node);
    }

    private void AddMain(TNode node)
    {
        _nodes.Place(node) = InMain;
        _rings.Add(Main, node);
        MainCount++;
    }

    // What it earned in the window goes to the sketch: in the main queue it must be asked for again.
    private void Promote(TNode node)
    {
        _window.Remove(node);
        Spend(node, CountOf(node));
        AddMain(node);
    }

    private void Spend(TNode node, int counts)
    {
        if (counts > 0)
        {
            _nodes.Marks(node) -= (ushort)counts;
            _sketch?.Add(_nodes.Hash(node), counts);
        }
    }

    private int Worth(TNode node) => (_sketch?.Frequency(_nodes.Hash(node)) ?? 0) + CountOf(node);
}
