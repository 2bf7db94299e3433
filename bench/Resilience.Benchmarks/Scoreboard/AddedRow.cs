namespace Resilience.Benchmarks;

/// <summary>What we add to the bare callbacks, held against a budget: the ratio is the time added over the budget.</summary>
/// <param name="name">The name.</param>
/// <param name="budget">The most that may be added, in nanoseconds.</param>
/// <param name="contest">What to run; its peer is not.</param>
internal sealed class AddedRow(string name, double budget, Func<Contest> contest) : Row(name)
{
    private const int CallsCompared = 500;

    /// <summary>Calls end on other threads than they began on.</summary>
    public bool HopsThreads { get; init; }

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        var sides = contest();
        if (sides.Ours(CallsCompared) != sides.Bare(CallsCompared))
        {
            throw new InvalidOperationException($"{Name}: we did not do the work of the bare callbacks.");
        }

        using var crew = new Crew(1);
        var figures = Bout.Run(crew, HopsThreads, () => control.Alone(), sides.Ours, sides.Bare);
        var (ours, bare) = (figures[0], figures[1]);
        return new RowResult
        {
            Name = Name,
            PeerName = $"a budget of {budget:N0} ns",
            Ours = ours,
            Bare = bare,
            OurBytes = Math.Round(Math.Max(0, ours.Bytes - bare.Bytes), 1),
            Ratio = (ours.Nanoseconds - bare.Nanoseconds) / budget,
            Target = Target.TimesTheCost(1),
            BytesLimit = BytesLimit,
            Note = $"adds {ours.Nanoseconds - bare.Nanoseconds:N0} ns; {Note}",
        };
    }
}
