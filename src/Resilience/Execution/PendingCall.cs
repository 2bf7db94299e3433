using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A call that has suspended, whatever its callback and its result.</summary>
internal abstract class PendingCall : SuspendedCall
{
    // Here and not by type, as what is inherited.
    private protected static readonly SendOrPostCallback Resumes = static state => Unsafe.As<PendingCall>(state!).Resume();

    /// <summary>The delay of a hedging strategy is over, and this thread has the call: what it waits for becomes the first attempt of a race.</summary>
    /// <param name="bySubscriber">Whether the delay was over before the call had subscribed: its timer is still used elsewhere.</param>
    internal abstract void SplitLate(bool bySubscriber);

    /// <summary>Carries the call on from a thread of any flow.</summary>
    internal abstract void Resume();
}
