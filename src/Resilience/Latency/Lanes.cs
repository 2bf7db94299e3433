using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Numbers that live threads hold one each, as many as there are processors: whoever holds one may write its stripe of any tracker without a
/// lock. A thread asks when it first records and now and then while it has none, and keeps its lane to its end.
/// </summary>
internal static class Lanes
{
    /// <summary>What <see cref="Current"/> is on a thread that has not asked.</summary>
    internal const int NotAsked = -1;

    /// <summary>What <see cref="Current"/> is on a thread that asked when all lanes were held.</summary>
    internal const int None = -2;

    private static readonly Thread?[] s_holders = new Thread?[Environment.ProcessorCount];

    // The lane plus one, so that zero is a thread that has not asked.
    [ThreadStatic]
    private static int s_lane;

    /// <summary>How many lanes there are.</summary>
    internal static int Count => s_holders.Length;

    /// <summary>The lane of this thread, <see cref="NotAsked"/> or <see cref="None"/>.</summary>
    internal static int Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => s_lane - 1;
    }

    /// <summary>Asks for a lane, for a thread without one.</summary>
    /// <returns>The lane, or <see cref="None"/>.</returns>
    internal static int Ask()
    {
        s_lane = Claim(s_holders, Thread.CurrentThread) + 1;
        return Current;
    }

    /// <summary>Takes a lane that was never held or whose holder has ended.</summary>
    /// <returns>The lane, or <see cref="None"/>.</returns>
    internal static int Claim(Thread?[] holders, Thread thread)
    {
        for (var lane = 0; lane < holders.Length; lane++)
        {
            var holder = Volatile.Read(ref holders[lane]);
            if ((holder is null || !holder.IsAlive) && Interlocked.CompareExchange(ref holders[lane], thread, holder) == holder)
            {
                // The end of a thread is visible to who has joined it, and with it the last plain increment of its stripes.
                holder?.Join(0);
                return lane;
            }
        }

        return None;
    }
}
