namespace Resilience;

/// <summary>
/// A small number that belongs to the running thread alone until the thread has ended, so that it may count in a cell of its own
/// without an interlocked instruction. The lowest free number is given out.
/// </summary>
internal static class ThreadSlot
{
    private static readonly Lock s_gate = new();
    private static readonly PriorityQueue<int, int> s_free = new();
    private static int s_given;

    [ThreadStatic]
    private static int s_current;

    [ThreadStatic]
    private static Holder? s_holder;

    /// <summary>The running thread's number, from one; zero if it has none yet.</summary>
    internal static int Known => s_current;

    /// <summary>The running thread's number, from one.</summary>
    internal static int Current => s_current != 0 ? s_current : Take();

    /// <summary>Gives the running thread a number that a test chose, for counters of its own.</summary>
    internal static void Assume(int number) => s_current = number;

    private static int Take()
    {
        lock (s_gate)
        {
            var slot = s_free.TryDequeue(out var free, out _) ? free : ++s_given;
            s_holder = new Holder(slot);
            s_current = slot;
            return slot;
        }
    }

    // Reachable from its thread only. The lock hands the thread's last counts over to whoever takes the number next.
    private sealed class Holder(int slot)
    {
#pragma warning disable MA0055 // Nothing else tells that a thread has ended.
        ~Holder()
        {
            lock (s_gate)
            {
                s_free.Enqueue(slot, slot);
            }
        }
#pragma warning restore MA0055
    }
}
