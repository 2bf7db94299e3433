namespace Resilience.Benchmarks;

/// <summary>One figure of a <see cref="DensityRun"/>, shown as the ratio.</summary>
internal sealed class DensityRow(string name, DensityRun run, Func<DensityRun, double> figure) : Row(name)
{
    /// <inheritdoc/>
    public override RowResult Measure(Control control) => new()
    {
        Name = Name,
        PeerName = "raw payloads",
        Ratio = figure(run),
        Target = Target,
        Note = $"{Note}{run.Note}",
    };
}
