namespace Resilience.Benchmarks;

/// <summary>A second claim on what another row measures: measured once in a run, and held to both.</summary>
internal sealed class ClaimRow(string name, ContestRow measured) : Row(name)
{
    /// <inheritdoc/>
    public override RowResult Measure(Control control) => (measured.Latest ?? measured.Measure(control)) with
    {
        Name = Name,
        Target = Target,
        BytesLimit = BytesLimit,
        Note = $"as {measured.Name}",
    };
}
