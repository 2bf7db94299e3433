using System.Diagnostics.CodeAnalysis;

namespace Resilience;

/// <summary>What a retry lets go on although another attempt was asked for, for its hook.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "An event is never compared.")]
public readonly struct RetryGiveUp
{
    internal RetryGiveUp(ref CallFrame frame, GiveUpReason reason)
    {
        Reason = reason;
        Attempt = frame.Attempt;
        Verdict = frame.Verdict;
        Exception = frame.Exception;
        Rejection = frame.Rejection;
        Context = frame.Context;
    }

    /// <summary>Why.</summary>
    public GiveUpReason Reason { get; }

    /// <summary>The number of the attempt that has just ended, from 0.</summary>
    public int Attempt { get; }

    /// <summary>What its outcome meant.</summary>
    public Verdict Verdict { get; }

    /// <summary>The exception of the attempt; null if it returned a result or was refused.</summary>
    public Exception? Exception { get; }

    /// <summary>The refusal, if it was one.</summary>
    public Rejection? Rejection { get; }

    /// <summary>The context of the call.</summary>
    public CallContext Context { get; }
}
