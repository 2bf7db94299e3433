namespace Resilience.Benchmarks;

/// <summary>
/// Pure arithmetic, which shares nothing and touches no memory: what it loses, on one thread over time or on two threads at once, the
/// machine gave to somebody else.
/// </summary>
internal sealed class Control
{
    private const int Steps = 2_000_000;
    private readonly List<Sample> _alone = [];
    private readonly List<Sample> _together = [];

    public Control()
    {
        using var crew = new Crew(1);
        WarmUp.Run(crew, Work);
    }

    /// <summary>By how much the slowest tenth of the rounds exceeded the fastest round.</summary>
    public double Drift
    {
        get
        {
            var times = _alone.Select(s => s.Nanoseconds).Order().ToArray();
            return times.Length == 0 ? 0 : (times[times.Length * 9 / 10] / times[0]) - 1;
        }
    }

    /// <summary>The speed of two threads over that of one; 2 on a machine of one's own. Null before two threads have run.</summary>
    public double? Scaling => _together.Count == 0 ? null : ScalingOf(_alone, _together);

    public static double ScalingOf(IReadOnlyCollection<Sample> alone, IReadOnlyCollection<Sample> together) =>
        2 * Figure.Of(alone).Nanoseconds / Figure.Of(together).Nanoseconds;

    public Sample Alone()
    {
        using var crew = new Crew(1);
        return Run(crew, _alone);
    }

    public Sample Together(Crew two) => Run(two, _together);

    private static Sample Run(Crew crew, List<Sample> samples)
    {
        var sample = crew.Run(Work, Steps);
        samples.Add(sample);
        return sample;
    }

    private static long Work(int steps)
    {
        var x = 88172645463325252UL;
        for (var i = 0; i < steps; i++)
        {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
        }

        return (long)x;
    }
}
