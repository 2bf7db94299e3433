namespace Resilience.Arena;

/// <summary>Everything that decides a run. The same plan goes to every process, so that all of them mean the same run.</summary>
internal sealed record RunPlan
{
    /// <summary>Calls in flight per contestant at most; what arrives beyond is counted as shed, so memory is bounded.</summary>
    public const int MaxInFlight = 4096;

    /// <summary>Calls per contestant at most.</summary>
    public const int MaxCalls = 400_000;

    /// <summary>A call is in time when it succeeds this soon after its intended start, in milliseconds.</summary>
    public const double GoalMs = 1000;

    /// <summary>After the last arrival, calls get this long to end; the rest is cancelled and counted as unfinished, in seconds.</summary>
    public const double DrainSeconds = 4;

    /// <summary>Length of the script in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Calls a second, on average.</summary>
    public required double Rate { get; init; }

    /// <summary>Seed of arrivals and faults.</summary>
    public required int Seed { get; init; }

    /// <summary>How calls arrive.</summary>
    public required Arrivals Arrivals { get; init; }

    /// <summary>What happens.</summary>
    public required OutageScript Script { get; init; }

    /// <summary>Length of a slice of the timelines, in seconds.</summary>
    public double SliceSeconds => Seconds / SliceCount;

    /// <summary>Number of slices: at most 80, and none shorter than a quarter of a second.</summary>
    public int SliceCount => Math.Clamp((int)(Seconds / 0.25), 1, 80);
}
