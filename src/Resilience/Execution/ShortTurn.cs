using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>Where a call left the short line.</summary>
/// <param name="phase">The phase of the circuit breaker that let it through, if there is one.</param>
/// <param name="place">Before the end of an attempt was taken, or after.</param>
/// <param name="verdict">After: the verdict, which concerns somebody; null if there is none yet.</param>
/// <param name="thrown">What was thrown, by the callback or after it.</param>
/// <param name="retries">How many attempts were given up.</param>
/// <param name="given">The last of them, unless it was a result.</param>
internal readonly ref struct ShortTurn(Phase? phase, CallPhase place, Verdict? verdict, Exception? thrown, int retries, Fault given)
{
    internal Exception? Thrown => thrown;

    /// <summary>Whether a verdict asks for another attempt, which the caller has not forbidden.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsAgain(Verdict verdict, CancellationToken token) => verdict.Again == Again.Yes && !token.IsCancellationRequested;

    /// <summary>
    /// Puts the call where it would stand by now, had it taken the straight line. True if its end is taken and has a verdict, so that it is to
    /// leave its strategies.
    /// </summary>
    internal bool Apply(ref CallFrame frame, ref Slot slots)
    {
        var core = frame.Core;
        frame.Position = core.Strategies.Length;
        frame.Phase = place;
        if (phase is not null)
        {
            CircuitBreakerStrategy.Keep(phase, ref Unsafe.Add(ref slots, core.GatePosition));
        }

        if (retries > 0)
        {
            Unsafe.Add(ref slots, core.Strategies.Length - 1).First = retries;
            frame.Resume(retries, given);
        }

        if (place != CallPhase.Leaving || thrown is not null || verdict is not { } known)
        {
            return false;
        }

        frame.SetClassified(known);
        return true;
    }
}
