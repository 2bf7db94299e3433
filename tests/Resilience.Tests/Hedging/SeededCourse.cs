using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Hedging;

/// <summary>A copy of the course's steps in which one can be wrong, to see that the programs notice.</summary>
internal sealed class SeededCourse(CourseWorld world, CourseBug bug) : ICourse
{
    private const int Started = 1 << 8;
    private const int Decided = 1 << 16;
    private const int Holder = 1 << 17;
    private static readonly Action s_decided = static () => { };
    private int _state;
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
        _state = (2 * Holder) | Started | 1;
        if (world.IsParallel)
        {
            while (TryStart(out _) is null && Count < world.MaxAttempts)
            {
            }
        }
        else if (waits)
        {
            Interlocked.Add(ref _state, Holder);
            Arm(world.NextDue);
        }
    }

    public bool TryAwait(Action continuation)
    {
        Explored.Point(2);
        if (bug != CourseBug.ContinuationLost)
        {
            return Interlocked.CompareExchange(ref _continuation, continuation, null) is null;
        }

        var seen = _continuation;
        Explored.Point(2);
        _continuation = continuation;
        return seen is null;
    }

    public Action? End(int index, AttemptEnding ending)
    {
        if (IsDecided)
        {
            return Lose(index);
        }

        return ending == AttemptEnding.Wins ? EndWinning(index) : EndFailing(index, ending);
    }

    public Action? EndUnstarted()
    {
        world.OnLoserEnded();
        Leave(Holder + 1);
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

    public void Release() => Leave(Holder);

    private void Leave(int part)
    {
        Explored.Point(4);
        var seen = _state;
        if (bug == CourseBug.LeftWithoutInterlockedOperation)
        {
            Explored.Point(16);
            _state = seen - part;
        }
        else if (seen >> 17 != 1)
        {
            Explored.Point(16);
            seen = Interlocked.Add(ref _state, -part) + part;
        }

        if (seen >> 17 == 1)
        {
            world.Recycle();
        }
    }

    private Action? Lose(int index)
    {
        if (bug == CourseBug.LoserDoesNotHold)
        {
            Leave(Holder + 1);
            world.Discard(index);
            world.OnLoserEnded();
            return null;
        }

        world.Discard(index);
        world.OnLoserEnded();
        Leave(Holder + 1);
        return null;
    }

    private Action? EndWinning(int index) => TryEnd(true, out var state) == 1 ? Decide(index, state) : Lose(index);

    private Action? EndFailing(int index, AttemptEnding ending)
    {
        var last = default(Action?);
        var state = 0;
        var turn = bug is CourseBug.FailureHeldAfterTheCount or CourseBug.CountedBeforeTheNextIsStarted ? TryEnd(false, out state) : -1;
        Explored.Point(5);
        DiscardHeld(Interlocked.Exchange(ref _held, index + 1));
        if (ending == AttemptEnding.AsksForAnother && turn != 1)
        {
            last = TryStart(out _);
        }

        switch (turn < 0 ? TryEnd(false, out state) : turn)
        {
            case 1:
                Explored.Point(6);
                return Decide(Interlocked.Exchange(ref _held, 0) - 1, state);
            case 2:
                if (bug != CourseBug.LateFailureLeftBehind)
                {
                    TakeHeld();
                }

                world.OnLoserEnded();
                Leave(Holder + 1);
                break;
        }

        return last;
    }

    private Action? Decide(int winner, int state)
    {
        Winner = winner;
        world.OnDecided(state & 0xFF);
        Explored.Point(7);
        if (bug != CourseBug.ArmedDelayNotSeenByDecision && _armed != 0 && world.TryDisarm(_armed))
        {
            Release();
        }

        TakeHeld();
        Explored.Point(8);
        var last = Interlocked.Exchange(ref _continuation, s_decided);
        CancelOthers(winner, (state >> 8) & 0xFF);
        return last;
    }

    private void CancelOthers(int winner, int started)
    {
        var next = -1;
        for (var i = 0; i < started; i++)
        {
            if (i == winner || !world.IsUnderWay(i))
            {
                continue;
            }

            if (next >= 0)
            {
                Interlocked.Add(ref _state, Holder);
                world.Cancel(next);
            }

            next = i;
        }

        if (next < 0 || bug == CourseBug.CancellationDoesNotHold)
        {
            Release();
        }

        if (next >= 0)
        {
            world.Cancel(next);
        }
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
                _state = seen + Holder + Started + 1;
            }
            else if (Interlocked.CompareExchange(ref _state, seen + Holder + Started + 1, seen) != seen)
            {
                continue;
            }

            isStarted = true;
            return world.Start(index);
        }
    }

    // 0: goes on; 1: decided by this; 2: was decided.
    private int TryEnd(bool wins, out int state)
    {
        while (true)
        {
            Explored.Point(13);
            var seen = _state;
            var decides = wins || (seen & 0xFF) == 1;
            state = decides ? (seen - 1) | Decided : seen - Holder - 1;
            if ((seen & Decided) != 0)
            {
                return 2;
            }

            Explored.Point(14);
            if (bug == CourseBug.DecidedWithoutCompareExchange)
            {
                _state = state;
            }
            else if (Interlocked.CompareExchange(ref _state, state, seen) != seen)
            {
                continue;
            }

            return decides ? 1 : 0;
        }
    }
}
