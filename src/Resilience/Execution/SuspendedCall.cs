namespace Resilience;

/// <summary>A call that waits, whatever its callback and its result.</summary>
internal abstract class SuspendedCall
{
    /// <summary>What the call waited for has ended, and this thread has the call.</summary>
    internal abstract void OnOver();

    /// <summary>The delay of a hedging strategy is over, and this thread has the call: what it waits for becomes the first attempt of a race.</summary>
    /// <param name="bySubscriber">Whether the delay was over before the call had subscribed: its timer is still used elsewhere.</param>
    internal abstract void SplitLate(bool bySubscriber);
}
