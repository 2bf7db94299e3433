using System.Diagnostics.CodeAnalysis;

namespace Resilience;

/// <summary>How an attempt ended that was followed by another. A result is not kept: it is disposed when it is discarded.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Outcomes are read, never compared.")]
public readonly struct EarlierOutcome
{
    internal EarlierOutcome(ref CallFrame frame)
    {
        Attempt = frame.Attempt;
        Verdict = frame.Verdict;
        Exception = frame.Exception;
        Rejection = frame.Rejection;
    }

    /// <summary>The number of the attempt, from 0. One that was refused before its callback started has the number of the next.</summary>
    public int Attempt { get; }

    /// <summary>What its outcome meant.</summary>
    public Verdict Verdict { get; }

    /// <summary>Its exception; null if it returned a result or was refused.</summary>
    public Exception? Exception { get; }

    /// <summary>The refusal, if it was one.</summary>
    public Rejection? Rejection { get; }
}
