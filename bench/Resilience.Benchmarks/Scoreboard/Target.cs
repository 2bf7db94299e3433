namespace Resilience.Benchmarks;

/// <summary>What a row's ratio must reach.</summary>
/// <param name="Times">The bound.</param>
/// <param name="IsLimit">
/// False: the ratio is the peer's time over ours and must be at least <paramref name="Times"/>. True: ours over the peer's, at most that.
/// </param>
internal sealed record Target(double Times, bool IsLimit)
{
    public static Target TimesFaster(double least) => new(least, IsLimit: false);

    public static Target TimesTheCost(double most) => new(most, IsLimit: true);

    public double RatioOf(double ours, double peer) => IsLimit ? ours / peer : peer / ours;

    public bool IsMetBy(double ratio) => IsLimit ? ratio <= Times : ratio >= Times;

    public override string ToString() => $"{(IsLimit ? '≤' : '≥')} {Times:0.##}×";
}
