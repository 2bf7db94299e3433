using System.Diagnostics.CodeAnalysis;

namespace Resilience;

/// <summary>The outcome that a fallback is about to stand in for.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
[SuppressMessage("Performance", "CA1815", Justification = "An event is never compared.")]
public readonly struct FallbackEvent<T>
{
    internal FallbackEvent(ref CallFrame frame, in Outcome<T> outcome)
    {
        Outcome = outcome;
        Verdict = frame.Verdict;
        Attempt = frame.Attempt;
        Context = frame.Context;
    }

    /// <summary>The outcome. A result is disposed once it is replaced, unless the fallback gives the very same.</summary>
    public Outcome<T> Outcome { get; }

    /// <summary>What it meant.</summary>
    public Verdict Verdict { get; }

    /// <summary>The number of the attempt that has just ended, from 0.</summary>
    public int Attempt { get; }

    /// <summary>The context of the call, with a token that ends with the caller's or the deadline of the fallback's level.</summary>
    public CallContext Context { get; }
}
