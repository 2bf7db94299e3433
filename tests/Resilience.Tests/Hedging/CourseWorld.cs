using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Hedging;

/// <summary>
/// The attempts, the delay and the call of a race in a small concurrent program, and what must hold in the end. Attempts that are not ended
/// by the program end afterwards.
/// </summary>
internal sealed class CourseWorld
{
    private readonly int[] _ended = new int[4];
    private readonly int[] _discarded = new int[4];
    private readonly bool[] _known = [true, false, false, false];
    private readonly bool[] _cancelled = new bool[4];
    private readonly List<int> _pending = [];
    private readonly Queue<int> _cancellations = [];
    private long _armed;
    private long _due = 10;
    private int _resumed;
    private int _taken = -1;
    private int _decided;
    private int _losers;
    private int _recycled;
    private int _outcomes;
    private string? _broken;

    public CourseWorld(Func<CourseWorld, ICourse> course) => Course = course(this);

    public ICourse Course { get; }

    public int MaxAttempts { get; init; } = 2;

    public bool IsParallel { get; init; }

    /// <summary>How attempts that are started in the program end at once; they stay under way where there is no entry.</summary>
    public Dictionary<int, AttemptEnding> AtOnce { get; } = [];

    /// <summary>Whether cancellations wait for <see cref="RunCancellation"/>, or for the end.</summary>
    public bool CancelsLater { get; init; }

    /// <summary>Whether a thread of the program awaits the decision.</summary>
    public bool IsAwaited { get; init; }

    public long NextDue => _due;

    /// <summary>The first attempt is under way, and the second too where all start at once.</summary>
    public CourseWorld Begin(bool waits = true)
    {
        Course.Begin(waits && !IsParallel);
        return this;
    }

    /// <summary>Ends an attempt that is under way, in the program.</summary>
    public void End(int index, AttemptEnding ending) => Last(EndNow(index, ending));

    public void AwaitDecision()
    {
        if (!Course.TryAwait(Resume))
        {
            Resume();
        }
    }

    /// <summary>What the sweeper does when the delay is over.</summary>
    public void Fire()
    {
        Explored.Point(101);
        var seen = Volatile.Read(ref _armed);
        Explored.Point(102);
        if (seen != 0 && Interlocked.CompareExchange(ref _armed, 0, seen) == seen)
        {
            Last(Course.OnDelayOver());
        }
    }

    public Action? Start(int index)
    {
        Alive();
        _due += 10;
        Explored.Point(103);
        _known[index] = true;
        Explored.Point(104);
        if (Course.IsDecided)
        {
            _ended[index]++;
            return Course.EndUnstarted();
        }

        if (AtOnce.TryGetValue(index, out var ending))
        {
            return EndNow(index, ending);
        }

        _pending.Add(index);
        return null;
    }

    public bool IsUnderWay(int index)
    {
        Alive();
        Explored.Point(105);
        return _known[index] && _ended[index] == 0;
    }

    public void Cancel(int index)
    {
        Alive();
        _cancellations.Enqueue(index);
        if (!CancelsLater)
        {
            RunCancellation();
        }
    }

    /// <summary>What the thread pool does with a cancellation that was queued.</summary>
    public void RunCancellation()
    {
        Explored.Point(108);
        if (_cancellations.TryDequeue(out var index))
        {
            Alive();
            _cancelled[index] = true;
            Explored.Point(109);
            Course.Release();
        }
    }

    public void Discard(int index)
    {
        Alive();
        _discarded[index]++;
    }

    public void OnDecided(int losers)
    {
        _decided++;
        _losers += losers;
    }

    public void OnLoserEnded() => _losers--;

    public void Arm(long word)
    {
        Alive();
        Explored.Point(106);
        Break(Interlocked.Exchange(ref _armed, word) != 0, "armed twice");
    }

    public bool TryDisarm(long word)
    {
        Explored.Point(107);
        return Interlocked.CompareExchange(ref _armed, 0, word) == word;
    }

    public void Recycle() => _recycled++;

    /// <summary>Ends what is still under way and looks at the result.</summary>
    public bool Check(Func<int, bool> mayWin)
    {
        AwaitIfNobodyDid();
        var wasDecided = _decided == 1;
        var notCancelled = wasDecided && _pending.Any(index => _ended[index] == 0 && !_cancelled[index] && !_cancellations.Contains(index));
        for (var i = 0; i < _pending.Count; i++)
        {
            if (_ended[_pending[i]] == 0)
            {
                Last(EndNow(_pending[i], AttemptEnding.Wins));
            }
        }

        while (_cancellations.Count != 0)
        {
            RunCancellation();
        }

        Break(notCancelled, "an attempt under way was not cancelled");
        Break(_resumed != 1, $"resumed {_resumed} times");
        Break(_decided != 1, $"decided {_decided} times");
        Break(_losers != 0, $"{_losers} losers too many");
        Break(_recycled != 1, $"recycled {_recycled} times");
        Break(_armed != 0, "the delay is left behind");
        Break(wasDecided && !mayWin(_taken), $"attempt {_taken} won");
        for (var i = 0; i < _ended.Length; i++)
        {
            Break(_ended[i] > 1, $"attempt {i} ended twice");
            Break(_discarded[i] + (_taken == i ? 1 : 0) > 1, $"attempt {i} used twice");
        }

        var used = Enumerable.Range(0, _ended.Length).Count(i => _discarded[i] + (_taken == i ? 1 : 0) == 1);
        Break(used != _outcomes, $"{used} outcomes of {_outcomes} used");
        return _broken is null ? true : throw new InvalidOperationException(_broken);
    }

    private Action? EndNow(int index, AttemptEnding ending)
    {
        _ended[index]++;
        _outcomes++;
        return Course.End(index, ending);
    }

    private void AwaitIfNobodyDid()
    {
        if (_resumed == 0 && !IsAwaited)
        {
            AwaitDecision();
        }
    }

    private void Resume()
    {
        Alive();
        _resumed++;
        _taken = Course.Winner;
        Course.Release();
    }

    private static void Last(Action? continuation) => continuation?.Invoke();

    private void Alive() => Break(_recycled != 0, "used after it was given back");

    private void Break(bool isBroken, string why) => _broken ??= isBroken ? why : null;
}
