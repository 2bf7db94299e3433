namespace Resilience;

/// <summary>Where a call left the short line: before its end was taken, or after, with a verdict that concerns somebody.</summary>
internal readonly ref struct ShortTurn(Phase? phase, CallPhase place, Verdict verdict, Exception? thrown)
{
    internal Exception? Thrown => thrown;

    /// <summary>
    /// Puts the call where it would stand by now, had it taken the straight line. True if its end is settled, so that it is to leave its
    /// strategies.
    /// </summary>
    internal bool Apply(ref CallFrame frame, ref Slot slots)
    {
        var core = frame.Core;
        frame.Position = core.Strategies.Length;
        frame.Phase = place;
        if (phase is not null)
        {
            CircuitBreakerStrategy.Keep(phase, ref System.Runtime.CompilerServices.Unsafe.Add(ref slots, core.GatePosition));
        }

        if (place != CallPhase.Leaving || thrown is not null)
        {
            return false;
        }

        frame.SetClassified(verdict);
        return true;
    }
}
