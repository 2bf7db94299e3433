using System.Diagnostics.CodeAnalysis;

namespace Resilience;

/// <summary>The call into which chaos may be injected, for the generators.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "A call is never compared.")]
public readonly struct ChaosCall
{
    internal ChaosCall(ref CallFrame frame)
    {
        Attempt = frame.Attempt;
        Context = frame.Context;
    }

    /// <summary>The number of the attempt under way, from 0.</summary>
    public int Attempt { get; }

    /// <summary>The context of the call, with a token that ends with the caller's or the nearest deadline.</summary>
    public CallContext Context { get; }
}
