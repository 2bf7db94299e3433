namespace Resilience.Benchmarks;

/// <summary>What many rounds of one side say.</summary>
/// <param name="Nanoseconds">The median.</param>
/// <param name="Lowest">The fastest round.</param>
/// <param name="Spread">Half the distance between the quartiles, as a share of the median.</param>
/// <param name="Bytes">The median of the bytes a call.</param>
internal sealed record Figure(double Nanoseconds, double Lowest, double Spread, double Bytes)
{
    public static Figure Of(IReadOnlyCollection<Sample> samples)
    {
        var times = samples.Select(s => s.Nanoseconds).Order().ToArray();
        var bytes = samples.Select(s => s.Bytes).Order().ToArray();
        var median = times[times.Length / 2];
        var spread = (times[times.Length * 3 / 4] - times[times.Length / 4]) / 2 / median;
        return new Figure(median, times[0], spread, bytes[bytes.Length / 2]);
    }
}
