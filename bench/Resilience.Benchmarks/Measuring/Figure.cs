namespace Resilience.Benchmarks;

/// <summary>What many rounds of one side say.</summary>
/// <param name="Nanoseconds">The medians at each <see cref="StackPosition"/>, and their mean.</param>
/// <param name="Fastest">The least of those medians.</param>
/// <param name="Slowest">The greatest.</param>
/// <param name="Spread">Half the distance between the quartiles of the rounds, each as a share of the median at its position.</param>
/// <param name="Bytes">The median of the bytes a call.</param>
/// <param name="Rounds">How many rounds are in the figure.</param>
internal sealed record Figure(double Nanoseconds, double Fastest, double Slowest, double Spread, double Bytes, int Rounds)
{
    private const int FewestUndisturbed = 5;

    /// <summary>The figure of the rounds that nobody disturbed or, where those are too few, of all.</summary>
    public static Figure Of(IReadOnlyCollection<Sample> samples)
    {
        var undisturbed = samples.Where(s => !s.IsDisturbed).ToArray();
        var counted = undisturbed.Length >= FewestUndisturbed ? undisturbed : [.. samples];
        var medians = counted.GroupBy(s => s.Position).ToDictionary(g => g.Key, g => Middle([.. g.Select(s => s.Nanoseconds)]));
        var shares = counted.Select(s => s.Nanoseconds / medians[s.Position]).Order().ToArray();
        return new Figure(
            medians.Values.Average(),
            medians.Values.Min(),
            medians.Values.Max(),
            (shares[shares.Length * 3 / 4] - shares[shares.Length / 4]) / 2,
            Middle([.. counted.Select(s => s.Bytes)]),
            counted.Length);
    }

    private static double Middle(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
