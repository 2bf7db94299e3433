using System.Diagnostics.Tracing;

namespace Resilience.Benchmarks;

/// <summary>
/// Counts the bytes that are out of the shared array pools, from the events that they publish. One at a time, around work on one thread.
/// </summary>
internal sealed class RentedBytes : EventListener
{
    private const string Pools = "System.Buffers.ArrayPoolEventSource";
    private const int Rented = 1;
    private const int Returned = 3;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _now;

    /// <summary>The most that was out at once.</summary>
    public long Peak { get; private set; }

    /// <summary>
    /// The most bytes that <paramref name="work"/> holds from the pools at once, and those that it allocates beside them once the pools are warm.
    /// </summary>
    public static long PeakOf(Action work)
    {
        work();
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        using var listener = new RentedBytes();
        work();
        return allocated + listener.Peak;
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Pools)
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The constructor of the base may call before the fields are set: the thread is 0 then.
        if (eventData.EventSource.Name != Pools || Environment.CurrentManagedThreadId != _thread)
        {
            return;
        }

        _now += eventData.EventId switch
        {
            Rented => (int)eventData.Payload![1]!,
            Returned => -(int)eventData.Payload![1]!,
            _ => 0,
        };
        Peak = Math.Max(Peak, _now);
    }
}
