using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Numbers that live threads hold one each, as many as there are processors: whoever holds one may write its stripe of any tracker without a
/// lock. A thread asks when it first records, keeps its lane to its end, and asks again now and then while it has none.
/// </summary>
internal static class Lanes
{
    // A shared record costs an interlocked add; asking again after so many is lost in that.
    private const int RecordsBetweenClaims = 4096;

    private static readonly Thread?[] s_holders = new Thread?[Environment.ProcessorCount];

    // The lane plus one; zero before the first record, negative while there was none free.
    [ThreadStatic]
    private static int s_lane;

    /// <summary>How many lanes there are.</summary>
    internal static int Count => s_holders.Length;

    /// <summary>The lane of this thread, or a negative number.</summary>
    internal static int Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => s_lane - 1;
    }

    /// <summary>Asks for a lane if it is time to, for a thread without one.</summary>
    /// <returns>The lane of this thread, or a negative number.</returns>
    internal static int Ask()
    {
        if (s_lane == 0)
        {
            s_lane = Claim(s_holders, Thread.CurrentThread);
        }
        else if (s_lane < 0)
        {
            s_lane++;
        }

        return Current;
    }

    /// <summary>Takes a lane that was never held or whose holder has ended.</summary>
    /// <returns>The lane plus one, or the negative number of records to wait.</returns>
    internal static int Claim(Thread?[] holders, Thread thread)
    {
        for (var lane = 0; lane < holders.Length; lane++)
        {
            var holder = Volatile.Read(ref holders[lane]);
            if ((holder is null || !holder.IsAlive) && Interlocked.CompareExchange(ref holders[lane], thread, holder) == holder)
            {
                // The end of a thread is visible to who has joined it, and with it the last plain increment of its stripes.
                holder?.Join(0);
                return lane + 1;
            }
        }

        return -RecordsBetweenClaims;
    }
}
