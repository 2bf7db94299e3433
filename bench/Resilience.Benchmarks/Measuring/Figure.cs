namespace Resilience.Benchmarks;

/// <summary>What many rounds of one side say.</summary>
/// <param name="Nanoseconds">The median.</param>
/// <param name="Lowest">The fastest round.</param>
/// <param name="Spread">Half the distance between the quartiles, as a share of the median.</param>
/// <param name="Bytes">The median of the bytes a call.</param>
/// <param name="Rounds">How many rounds are in the figure.</param>
internal sealed record Figure(double Nanoseconds, double Lowest, double Spread, double Bytes, int Rounds)
{
    private const int FewestUndisturbed = 5;

    /// <summary>The figure of the rounds that nobody disturbed or, where those are too few, of all.</summary>
    public static Figure Of(IReadOnlyCollection<Sample> samples)
    {
        var undisturbed = samples.Where(s => !s.IsDisturbed).ToArray();
        var counted = undisturbed.Length >= FewestUndisturbed ? undisturbed : [.. samples];
        var times = counted.Select(s => s.Nanoseconds).Order().ToArray();
        var bytes = counted.Select(s => s.Bytes).Order().ToArray();
        var median = times[times.Length / 2];
        var spread = (times[times.Length * 3 / 4] - times[times.Length / 4]) / 2 / median;
        return new Figure(median, times[0], spread, bytes[bytes.Length / 2], times.Length);
    }
}
