namespace Resilience.Tests.Latency;

/// <summary>A clock in nanoseconds that may stop, leap and go back.</summary>
internal sealed class BentClock : TimeProvider
{
    private long _now;

    public long Now
    {
        get => Volatile.Read(ref _now);
        set => Volatile.Write(ref _now, value);
    }

    public void Pass(long nanoseconds) => Interlocked.Add(ref _now, nanoseconds);

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Now;
}
