namespace Resilience;

/// <content>How attempts end, and the decision.</content>
internal abstract partial class HedgeCourse<TI>
{
    private Action? EndWinning(int index)
    {
        if (TryEnd(wins: true, out var losers) == Turn.Decided)
        {
            return Decide(index, losers);
        }

        Discard(index);
        OnLoserEnded();
        return null;
    }

    private Action? EndFailing(int index, AttemptEnding ending)
    {
        var last = default(Action?);
        if (!IsDecided)
        {
            // Before the attempt counts as over: whoever ends last finds a failure here.
            TI.Point(5);
            DiscardHeld(Interlocked.Exchange(ref _held, index + 1));
            if (ending == AttemptEnding.AsksForAnother)
            {
                last = TryStart(HedgeReason.Failed, out _);
            }
        }
        else
        {
            Discard(index);
        }

        switch (TryEnd(wins: false, out _))
        {
            case Turn.Decided:
                TI.Point(6);
                return Decide(Interlocked.Exchange(ref _held, 0) - 1, 0);
            case Turn.Lost:
                // The one who decided may have looked before this failure was there.
                TakeHeld();
                OnLoserEnded();
                break;
        }

        return last;
    }

    private Action? Decide(int winner, int losers)
    {
        Winner = winner;
        OnDecided(winner, losers);
        TI.Point(7);
        var word = Volatile.Read(ref _armed);
        if (word != 0 && TryDisarmTimer(word))
        {
            Release();
        }

        var started = Started;
        for (var i = 0; i < started; i++)
        {
            if (i != winner)
            {
                Cancel(i);
            }
        }

        TakeHeld();
        TI.Point(8);
        return Interlocked.Exchange(ref _continuation, s_decided);
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
