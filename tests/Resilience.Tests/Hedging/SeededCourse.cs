using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Hedging;

/// <summary>A copy of the course's steps in which one can be wrong, to see that the programs notice.</summary>
internal sealed class SeededCourse(CourseWorld world, CourseBug bug) : ICourse
{
    private const int Started = 1 << 8;
    private const int Decided = 1 << 16;
    private static readonly Action s_decided = static () => { };
    private int _state;
    private int _holders;
    private int _held;
    private long _armed;
    private Action? _continuation;

    public int Winner { get; private set; }

    public bool IsDecided
    {
        get
        {
            Explored.Point(1);
            return (_state & Decided) != 0;
        }
    }

    private int Count => (_state >> 8) & 0xFF;

    public void Begin(bool waits)
    {
        (_state, _holders) = (Started | 1, 2);
        if (world.IsParallel)
        {
            while (TryStart(out _) is null && Count < world.MaxAttempts)
            {
            }
        }
        else if (waits)
        {
            _holders++;
            Arm(world.NextDue);
        }
    }

    public void OnCompleted(Action continuation)
    {
        Explored.Point(2);
        if (bug == CourseBug.ContinuationLost)
        {
            var seen = _continuation;
            Explored.Point(2);
            _continuation = continuation;
            if (seen is not null)
            {
                continuation();
            }
        }
        else if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
        {
            continuation();
        }
    }

    public Action? End(int index, AttemptEnding ending)
    {
        if (bug == CourseBug.LoserDoesNotHold && IsDecided)
        {
            Release();
        }

        var last = default(Action?);
        if (ending == AttemptEnding.Wins)
        {
            last = EndWinning(index);
        }
        else
        {
            last = EndFailing(index, ending);
        }

        if (bug != CourseBug.LoserDoesNotHold || Winner == index)
        {
            Release();
        }

        return last;
    }

    public Action? EndUnstarted()
    {
        TryEnd(false, out _);
        world.OnLoserEnded();
        Release();
        return null;
    }

    public Action? OnDelayOver()
    {
        var last = default(Action?);
        var goesOn = false;
        if (!IsDecided)
        {
            Explored.Point(3);
            if (world.NextDue > _armed)
            {
                goesOn = true;
            }
            else
            {
                last = TryStart(out var isStarted);
                goesOn = isStarted && Count < world.MaxAttempts;
            }
        }

        if (goesOn)
        {
            Arm(world.NextDue);
        }
        else
        {
            Release();
        }

        return last;
    }

    public void Release()
    {
        Explored.Point(4);
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            world.Recycle();
        }
    }

    private Action? EndWinning(int index)
    {
        if (TryEnd(true, out var losers) == 1)
        {
            return Decide(index, losers);
        }

        world.Discard(index);
        world.OnLoserEnded();
        return null;
    }

    private Action? EndFailing(int index, AttemptEnding ending)
    {
        var last = default(Action?);
        var turn = bug is CourseBug.FailureHeldAfterTheCount or CourseBug.CountedBeforeTheNextIsStarted ? TryEnd(false, out _) : -1;
        if (!IsDecided || turn == 1)
        {
            Explored.Point(5);
            DiscardHeld(Interlocked.Exchange(ref _held, index + 1));
            if (ending == AttemptEnding.AsksForAnother && turn != 1)
            {
                last = TryStart(out _);
            }
        }
        else
        {
            world.Discard(index);
        }

        switch (turn < 0 ? TryEnd(false, out _) : turn)
        {
            case 1:
                Explored.Point(6);
                return Decide(Interlocked.Exchange(ref _held, 0) - 1, 0);
            case 2:
                if (bug != CourseBug.LateFailureLeftBehind)
                {
                    TakeHeld();
                }

                world.OnLoserEnded();
                break;
        }

        return last;
    }

    private Action? Decide(int winner, int losers)
    {
        Winner = winner;
        world.OnDecided(losers);
        Explored.Point(7);
        if (bug != CourseBug.ArmedDelayNotSeenByDecision && _armed != 0 && world.TryDisarm(_armed))
        {
            Release();
        }

        for (var i = 0; i < Count; i++)
        {
            if (i != winner)
            {
                world.Cancel(i);
            }
        }

        TakeHeld();
        Explored.Point(8);
        return Interlocked.Exchange(ref _continuation, s_decided);
    }

    private void TakeHeld()
    {
        Explored.Point(9);
        var held = _held;
        if (held != 0)
        {
            Explored.Point(15);
            if (bug == CourseBug.HeldTakenWithoutExchange)
            {
                _held = 0;
            }
            else
            {
                held = Interlocked.Exchange(ref _held, 0);
            }

            DiscardHeld(held);
        }
    }

    private void DiscardHeld(int held)
    {
        if (held > 0)
        {
            world.Discard(held - 1);
        }
    }

    private void Arm(long word)
    {
        _armed = word;
        Explored.Point(10);
        world.Arm(word);
        if (bug != CourseBug.DecisionNotSeenAfterArming && IsDecided && world.TryDisarm(word))
        {
            Release();
        }
    }

    private Action? TryStart(out bool isStarted)
    {
        isStarted = false;
        if (IsDecided || Count >= world.MaxAttempts)
        {
            return null;
        }

        while (true)
        {
            Explored.Point(11);
            var seen = _state;
            var index = (seen >> 8) & 0xFF;
            if ((seen & Decided) != 0 || index >= world.MaxAttempts)
            {
                return null;
            }

            Explored.Point(12);
            if (bug == CourseBug.StartedWithoutReserving)
            {
                _state = seen + Started + 1;
            }
            else if (Interlocked.CompareExchange(ref _state, seen + Started + 1, seen) != seen)
            {
                continue;
            }

            isStarted = true;
            Interlocked.Increment(ref _holders);
            return world.Start(index);
        }
    }

    // 0: goes on; 1: decided by this; 2: was decided.
    private int TryEnd(bool wins, out int left)
    {
        while (true)
        {
            Explored.Point(13);
            var seen = _state;
            left = (seen & 0xFF) - 1;
            var isLost = (seen & Decided) != 0;
            var decides = !isLost && (wins || left == 0);
            var next = (seen - 1) | (decides ? Decided : 0);
            Explored.Point(14);
            if (bug == CourseBug.DecidedWithoutCompareExchange)
            {
                _state = next;
            }
            else if (Interlocked.CompareExchange(ref _state, next, seen) != seen)
            {
                continue;
            }

            return isLost ? 2 : decides ? 1 : 0;
        }
    }
}
