namespace Resilience.Benchmarks;

internal static class PayloadRows
{
    private static readonly DensityRun s_dense = new(coldShare: 0.47);
    private static readonly DensityRun s_quick = new(coldShare: 0.185);

    public static IReadOnlyList<Row> All { get; } =
    [
        .. Of("cache.payload.density", s_dense, 2.4, 13),
        .. Of("cache.payload.density.quick", s_quick, 1.55, 5),
    ];

    private static IEnumerable<Row> Of(string name, DensityRun run, double density, double inflating) =>
    [
        new DensityRow(name, run, static r => r.Density) { Target = Target.TimesFaster(density), Note = "entries to one raw; " },
        new DensityRow($"{name}.inflating", run, static r => r.Inflating) { Target = Target.TimesTheCost(inflating), Note = "of 100 hits; " },
        new DensityRow($"{name}.recompressed", run, static r => r.Recompressed) { Target = Target.TimesTheCost(3), Note = "to 100 hits; " },
    ];
}
