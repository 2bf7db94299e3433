using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>A factory whose exchange of phases has one known bug.</summary>
internal sealed class SeededFactory(SeededFactory.Bug bug) : PhaseFactory<Explored>
{
    internal enum Bug
    {
        None,
        ComparesThenWrites,
        LastWriterWins,
        ComparesTheStateOnly,
    }

    internal override bool Exchange(ref Phase place, Phase from, Phase next)
    {
        if (bug == Bug.None)
        {
            return base.Exchange(ref place, from, next);
        }

        Explored.Point(1);
        var seen = Volatile.Read(ref place);
        var same = bug switch
        {
            Bug.LastWriterWins => true,
            Bug.ComparesTheStateOnly => seen.State == from.State,
            _ => seen == from,
        };
        if (!same)
        {
            return false;
        }

        if (bug == Bug.ComparesThenWrites)
        {
            Explored.Point(2);
        }

        Volatile.Write(ref place, next);
        return true;
    }
}
