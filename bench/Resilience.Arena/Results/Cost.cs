namespace Resilience.Arena;

/// <summary>
/// What a call costs the process: over the whole run, and over undisturbed slices (the upstream is calm and every call succeeds) as
/// median, 10th and 90th percentile of the slices.
/// </summary>
internal sealed record Cost(double WholeRun, double? Undisturbed, double? Low, double? High, int Slices)
{
    public static Cost Of(IReadOnlyList<ProcessSample> samples, IReadOnlySet<int> undisturbed, Func<ProcessSample, double> total)
    {
        double Each(ProcessSample from, ProcessSample to) => (total(to) - total(from)) / Math.Max(1, to.Done - from.Done);
        double[] each = [.. undisturbed.Where(i => i + 1 < samples.Count).Select(i => Each(samples[i], samples[i + 1])).Order()];
        return new Cost(
            Each(samples[0], samples[^1]),
            Percentiles.Rank(each, 0.5),
            Percentiles.Rank(each, 0.1),
            Percentiles.Rank(each, 0.9),
            each.Length);
    }
}
