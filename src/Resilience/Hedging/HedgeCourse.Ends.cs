namespace Resilience;

/// <content>How attempts end, and the decision.</content>
internal abstract partial class HedgeCourse<TI>
{
    private Action? EndWinning(int index)
    {
        return TryEnd(wins: true, out var state) == Turn.Decided ? Decide(index, state) : Lose(index);
    }

    // The race was decided before.
    private Action? Lose(int index)
    {
        Discard(index);
        OnLoserEnded();
        LeaveEnded();
        return null;
    }

    private Action? EndFailing(int index, AttemptEnding ending)
    {
        // Before the attempt counts as over: whoever ends last finds a failure here.
        TI.Point(5);
        DiscardHeld(Interlocked.Exchange(ref _held, index + 1));
        var last = ending == AttemptEnding.AsksForAnother ? TryStart(HedgeReason.Failed, out _) : null;
        switch (TryEnd(wins: false, out var state))
        {
            case Turn.Decided:
                TI.Point(6);
                return Decide(Interlocked.Exchange(ref _held, 0) - 1, state);
            case Turn.Lost:
                // The one who decided may have looked before this failure was there.
                TakeHeld();
                OnLoserEnded();
                LeaveEnded();
                break;
        }

        return last;
    }

    // With the hold of the attempt that has just ended.
    private Action? Decide(int winner, int state)
    {
        Winner = winner;
        OnDecided(winner, state & CountMask);
        TI.Point(7);
        var word = Volatile.Read(ref _armed);
        if (word != 0 && TryDisarmTimer(word))
        {
            Release();
        }

        TakeHeld();
        TI.Point(8);
        var last = Interlocked.Exchange(ref _continuation, s_decided);
        CancelOthers(winner, StartedIn(state));
        return last;
    }

    // The hold passes on to the last cancellation; each other one has its own.
    private void CancelOthers(int winner, int started)
    {
        var next = -1;
        for (var i = 0; i < started; i++)
        {
            if (i == winner || !IsUnderWay(i))
            {
                continue;
            }

            if (next >= 0)
            {
                Hold();
                Cancel(next);
            }

            next = i;
        }

        if (next < 0)
        {
            Release();
        }
        else
        {
            Cancel(next);
        }
    }

    private void TakeHeld()
    {
        // Looked at first: the exchange is needed only by who finds something. Whoever leaves a failure here after this looks again himself.
        TI.Point(9);
        if (Volatile.Read(ref _held) != 0)
        {
            TI.Point(15);
            DiscardHeld(Interlocked.Exchange(ref _held, 0));
        }
    }

    private void DiscardHeld(int held)
    {
        if (held != 0)
        {
            Discard(held - 1);
        }
    }
}
