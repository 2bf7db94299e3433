using System.Diagnostics.CodeAnalysis;

namespace Resilience;

/// <summary>What a retry is about to do, for its hook.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "An event is never compared.")]
public readonly struct RetryEvent
{
    internal RetryEvent(ref CallFrame frame)
    {
        Attempt = frame.Attempt;
        Delay = frame.Delay;
        Verdict = frame.Verdict;
        Exception = frame.Exception;
        Rejection = frame.Rejection;
        Context = frame.Context;
    }

    /// <summary>The number of the attempt that has just ended, from 0.</summary>
    public int Attempt { get; }

    /// <summary>The wait before the next attempt.</summary>
    public TimeSpan Delay { get; }

    /// <summary>What the outcome meant.</summary>
    public Verdict Verdict { get; }

    /// <summary>The exception of the attempt; null if it returned a result or was refused.</summary>
    public Exception? Exception { get; }

    /// <summary>The refusal, if it was one.</summary>
    public Rejection? Rejection { get; }

    /// <summary>The context of the call, with a token that ends with the deadline of the retry's level.</summary>
    public CallContext Context { get; }
}
