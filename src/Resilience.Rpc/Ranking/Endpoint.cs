using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>
/// What a set knows of one endpoint: its breaker, its latency, its reliability, and how many calls it has under way. Safe for concurrent use;
/// nothing a call does to it takes a lock or allocates.
/// </summary>
public abstract class Endpoint
{
    private readonly int _maxConcurrency;
    private readonly Reliability _reliability = new();
    private int _inFlight;

    // In ticks, as of the last refresh; zero while nothing is known.
    private long _median;
    private long _p95;

    private protected Endpoint(
        int index, string name, int weight, int rank, IEnumerable<string> tags, int maxConcurrency,
        CircuitBreakerOptions breaker, PercentileTrackerOptions latency, TimeProvider time)
    {
        (Index, Name, Weight, Rank, _maxConcurrency) = (index, name, weight, rank, maxConcurrency);
        Tags = new HashSet<string>(tags, StringComparer.Ordinal);
        Breaker = new CircuitBreaker(breaker with { Name = breaker.Name ?? name }, time);
        Latency = new PercentileTracker(latency with { TimeProvider = time });
    }

    /// <summary>The name in results.</summary>
    public string Name { get; }

    /// <summary>How much its vote counts in mode Weighted.</summary>
    public int Weight { get; }

    /// <summary>Endpoints of a lower rank are asked first.</summary>
    public int Rank { get; }

    /// <summary>Whom it belongs to or how far it is trusted.</summary>
    public IReadOnlySet<string> Tags { get; }

    /// <summary>Its circuit breaker.</summary>
    public CircuitBreaker Breaker { get; }

    /// <summary>How long its answers took.</summary>
    public PercentileTracker Latency { get; }

    /// <summary>The share of recent calls that it answered, from 0 to 1.</summary>
    public double ReliabilityNow => _reliability.Value;

    /// <summary>How many calls it has under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    internal int Index { get; }

    internal uint Bit => 1u << Index;

    /// <summary>The tracked median in ticks; zero while unknown.</summary>
    internal long MedianTicks => Volatile.Read(ref _median);

    /// <summary>The tracked P95 in ticks; zero while unknown.</summary>
    internal long P95Ticks => Volatile.Read(ref _p95);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Asks to make a call, which must then be reported by <see cref="Leave"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal FaultClass TryEnter(out Permit permit)
    {
        if (Interlocked.Increment(ref _inFlight) > _maxConcurrency)
        {
            Interlocked.Decrement(ref _inFlight);
            permit = default;
            return FaultClass.NotStarted;
        }

        if (Breaker.TryAcquire(out permit))
        {
            return FaultClass.None;
        }

        Interlocked.Decrement(ref _inFlight);
        return FaultClass.BreakerOpen;
    }

    /// <summary>A call is no longer under way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>What the outcome of a call says about the endpoint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Report(ref Permit permit, Health health)
    {
        switch (health)
        {
            case Health.Good:
                permit.Success();
                _reliability.Record(answered: true);
                break;
            case Health.Bad:
                permit.Failure();
                _reliability.Record(answered: false);
                break;
            default:
                permit.Ignore();
                break;
        }
    }

    /// <summary>Reads the percentiles, and answers what a call is expected to cost: its median, more the less it can be relied on.</summary>
    internal double Refresh()
    {
        const double Floor = TimeSpan.TicksPerMillisecond / 10.0;
        const double LeastReliability = 0.05;
        Span<TimeSpan> values = stackalloc TimeSpan[2];
        Latency.GetPercentiles([0.5, 0.95], values);
        Volatile.Write(ref _median, values[0].Ticks);
        Volatile.Write(ref _p95, values[1].Ticks);
        var reliability = Math.Max(_reliability.Value, LeastReliability);
        return Math.Max(values[0].Ticks, Floor) / (reliability * reliability);
    }
}
