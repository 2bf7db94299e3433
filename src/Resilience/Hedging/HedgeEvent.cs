using System.Diagnostics.CodeAnalysis;

namespace Resilience;

/// <summary>Which attempt a hedging strategy is about to start, for its hook.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "An event is never compared.")]
public readonly struct HedgeEvent
{
    internal HedgeEvent(int attempt, HedgeReason reason, TimeSpan delay)
    {
        Attempt = attempt;
        Reason = reason;
        Delay = delay;
    }

    /// <summary>The number of the attempt that is about to start; the first of a call is 0.</summary>
    public int Attempt { get; }

    /// <summary>Why it is started.</summary>
    public HedgeReason Reason { get; }

    /// <summary>The delay that is over; zero after a failure and when attempts start together.</summary>
    public TimeSpan Delay { get; }
}
