namespace Resilience.Caching;

/// <content>Which node to give up.</content>
internal sealed partial class TwoQueues<TNode, TNodes>
{
    private bool TryLeastRecent(out TNode victim, ref int moves)
    {
        // What another setting has left in the main queue goes to where it was last used.
        for (; MainCount > 0 && moves < EvictionPolicy.MostMoves; moves++)
        {
            _rings.TryOldest(Main, out victim);
            Remove(victim);
            AddWindow(victim);
        }

        while (_window.TryOldest(out victim, out var generation))
        {
            if (moves == EvictionPolicy.MostMoves || _window.GenerationOf(victim) <= generation)
            {
                return true;
            }

            moves++;
            _window.Remove(victim);
            _window.Add(victim);
        }

        return _rings.TryOldest(Main, out victim);
    }

    private bool TryLeastWorth(out TNode victim, ref int moves)
    {
        while (IsWindowFull && _window.TryOldest(out var candidate, out _))
        {
            if (moves < EvictionPolicy.MostMoves && (CountOf(candidate) >= CountsToMain || MainCount < _capacity - _windowShare))
            {
                moves++;
                Promote(candidate);
                continue;
            }

            if (!TryHand(out victim, ref moves) || Worth(candidate) <= Worth(victim))
            {
                victim = candidate;
                return true;
            }

            Promote(candidate);
            return true;
        }

        return TryHand(out victim, ref moves) || _window.TryOldest(out victim, out _);
    }

    // The main queue's next to go: counts are spent until one is found that has none.
    private bool TryHand(out TNode victim, ref int moves)
    {
        while (_rings.TryOldest(Main, out victim))
        {
            if (CountOf(victim) == 0 || moves == EvictionPolicy.MostMoves)
            {
                return true;
            }

            moves++;
            Spend(victim, 1);
            _rings.Remove(victim);
            _rings.Add(Main, victim);
        }

        return false;
    }
}
