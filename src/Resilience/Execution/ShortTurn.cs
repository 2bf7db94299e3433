using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>Where a call left the short line.</summary>
/// <param name="phase">The phase of the circuit breaker that let it through, if there is one.</param>
/// <param name="place">Before the end of an attempt was taken, or after.</param>
/// <param name="verdict">After: the verdict, which concerns somebody; null if there is none yet.</param>
/// <param name="thrown">What was thrown, by the callback or after it.</param>
internal readonly ref struct ShortTurn(Phase? phase, CallPhase place, Verdict? verdict, Exception? thrown)
{
    /// <summary>How many attempts were given up.</summary>
    internal int Retries { get; init; }

    /// <summary>The last of them, unless it was a result.</summary>
    internal Fault Given { get; init; }

    /// <summary>The callback's source, unless it was released.</summary>
    internal DeadlineSource? Source { get; init; }

    /// <summary>When timeouts began; zero if there are none.</summary>
    internal long Now { get; init; }

    /// <summary>Whether a breaker outside of which nobody has a say refuses the call, which is then over.</summary>
    internal static bool IsRefused(PipelineCore core, Phase? phase, CancellationToken token, out Fault fault)
    {
        fault = default;
        return phase is not null
            && core.GatePosition == 0
            && !token.IsCancellationRequested
            && Unsafe.As<CircuitBreakerStrategy>(core.Strategies[0]).Refuses(phase, out fault);
    }

    /// <summary>The source for a callback inside of timeouts that begin now.</summary>
    internal static DeadlineSource Arm(PipelineCore core, CancellationToken token, out long now)
    {
        now = core.ReadClock();
        return DeadlineSource.Rent(core, core.DeadlineAfter(core.ShortTimeout, now), token);
    }

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
        if (core.ShortTimeout != TimeSpan.Zero)
        {
            EnterTimeouts(ref frame, ref slots);
        }

        frame.Position = core.Strategies.Length;
        frame.Phase = place;
        if (phase is not null)
        {
            CircuitBreakerStrategy.Keep(phase, ref Unsafe.Add(ref slots, core.GatePosition));
        }

        if (Retries > 0)
        {
            Unsafe.Add(ref slots, core.Strategies.Length - 1).First = Retries;
            frame.Resume(Retries, Given);
        }

        if (place != CallPhase.Leaving || thrown is not null || verdict is not { } known)
        {
            return false;
        }

        frame.SetClassified(known);
        return true;
    }

    private void EnterTimeouts(ref CallFrame frame, ref Slot slots)
    {
        frame.Resume(Now);
        for (var i = 0; i < frame.Core.Strategies.Length; i++)
        {
            if (frame.Core.Strategies[i] is TimeoutStrategy timeout)
            {
                frame.Position = i;
                timeout.TryEnter(ref frame, ref Unsafe.Add(ref slots, i));
            }
        }

        frame.Source = Source;
        if (place == CallPhase.Leaving)
        {
            frame.RefreshClock();
        }
    }
}
