using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A call that waits, whatever its callback and its result.</summary>
internal abstract class SuspendedCall
{
    // Here and not by type, where shared code would look them up each time.
    private protected static readonly ContextCallback Advances = static state => Unsafe.As<SuspendedCall>(state!).Advance();
    private protected static readonly SendOrPostCallback Resumes = static state => Unsafe.As<SuspendedCall>(state!).Resume();

    /// <summary>What the call waited for has ended, and this thread has the call.</summary>
    internal abstract void OnOver();

    /// <summary>The delay of a hedging strategy is over, and this thread has the call: what it waits for becomes the first attempt of a race.</summary>
    /// <param name="bySubscriber">Whether the delay was over before the call had subscribed: its timer is still used elsewhere.</param>
    internal abstract void SplitLate(bool bySubscriber);

    /// <summary>Carries the call on, within its flow.</summary>
    internal abstract void Advance();

    /// <summary>Carries the call on from a thread of any flow.</summary>
    internal abstract void Resume();

    /// <summary>Gives the object, which carries no call, back to its pool.</summary>
    internal abstract void Return();
}
