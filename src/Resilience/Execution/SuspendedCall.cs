using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>What waits for a callback, whatever that is and returns: a call, or an attempt at one.</summary>
internal abstract class SuspendedCall
{
    // Here and not by type, where shared code would look it up each time.
    private protected static readonly ContextCallback Advances = static state => Unsafe.As<SuspendedCall>(state!).Advance();

    /// <summary>What was waited for has ended, and this thread has the object.</summary>
    internal abstract void OnOver();

    /// <summary>Carries it on, within its flow.</summary>
    internal abstract void Advance();

    /// <summary>Gives the object, which carries nothing, back to its pool.</summary>
    internal abstract void Return();
}
