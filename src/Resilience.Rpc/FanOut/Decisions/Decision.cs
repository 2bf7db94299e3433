using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>
/// When a run is over, and whom to ask next: one mode's rules, as a function of the ballot and of nothing else. Immutable; runs share it.
/// </summary>
/// <remarks>The events are those of <see cref="Ballot"/>: answer, fail, stall, expire. After each, the run asks <see cref="Next"/>.</remarks>
internal abstract class Decision
{
    /// <summary>Whether the order of the endpoints matters: not where all are asked at once.</summary>
    internal virtual bool UsesOrder => true;

    /// <summary>Whether a late endpoint makes a difference.</summary>
    internal virtual bool HeedsStalls => false;

    /// <summary>Whether an endpoint that is asked beyond the first for being late is extra load, to be held within the budget.</summary>
    internal virtual bool IsBudgeted => false;

    /// <summary>Whether equal answers count together.</summary>
    internal virtual bool Votes => false;

    /// <summary>Whether answers are compared as numbers.</summary>
    internal virtual bool Compares => false;

    /// <summary>Whether an endpoint may be asked again after a fault that allows it.</summary>
    internal virtual bool Retries => true;

    /// <summary>Whether endpoints that lately differed from the others may be left out.</summary>
    internal virtual bool LeavesOut => true;

    /// <summary>The order to ask in, if the mode has one of its own.</summary>
    internal virtual EndpointOrder? OwnOrder => null;

    /// <summary>Whether a run that may ask only these could succeed.</summary>
    internal virtual bool CanDecideWith(uint endpoints) => endpoints != 0;

    /// <summary>Concludes the ballot if it is decided; otherwise marks endpoints as started, and returns them for the run to ask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint Next(Ballot ballot)
    {
        var starts = ballot.IsOver ? 0 : Decide(ballot);
        ballot.Started |= starts;
        return ballot.IsOver ? 0 : starts;
    }

    /// <summary>Concludes the ballot, or answers whom to ask now, out of the idle. When the ballot is late it must conclude.</summary>
    protected abstract uint Decide(Ballot ballot);

    /// <summary>How many endpoints a set holds.</summary>
    protected static int Size(uint endpoints) => BitOperations.PopCount(endpoints);
}
