namespace Resilience.Benchmarks;

/// <summary>
/// What a call costs while a thousand others are in flight under timeouts, beside what it costs while there is none: the least of turns that
/// alternate, for a machine that is shared changes its speed between them. Then a thousand timeouts fire, and the note tells how late.
/// </summary>
internal sealed class ArmedRow(string name, Func<Contest> contest) : Row(name)
{
    private const int InFlight = 1_000;
    private const int Turns = 4;
    private const int Least = 100;
    private const int Spread = 200;

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        var sides = contest();
        var (alone, armed) = (CostOf(sides, control), CostOfArmed(sides, control));
        for (var turn = 1; turn < Turns; turn++)
        {
            alone = Lesser(alone, CostOf(sides, control));
            armed = Lesser(armed, CostOfArmed(sides, control));
        }

        return new RowResult
        {
            Name = Name,
            PeerName = "none in flight",
            Ours = armed,
            Peer = alone,
            OurBytes = armed.Bytes,
            PeerBytes = alone.Bytes,
            Ratio = (Target ?? Target.TimesTheCost(1)).RatioOf(armed.Nanoseconds, alone.Nanoseconds),
            Target = Target,
            BytesLimit = BytesLimit,
            Note = $"{InFlight:#,0} calls in flight; {Lateness()}",
        };
    }

    private static Figure Lesser(Figure one, Figure other) => one.Nanoseconds < other.Nanoseconds ? one : other;

    private static Figure CostOfArmed(Contest sides, Control control)
    {
        using var calls = new CallsInFlight(InFlight, static _ => TimeSpan.FromHours(1));
        return CostOf(sides, control);
    }

    private static Figure CostOf(Contest sides, Control control)
    {
        using var crew = new Crew(1);
        return Bout.Run(crew, hopsThreads: false, () => control.Alone(), sides.Ours)[0];
    }

    // Due one after the other, so that what is told is the sweeper's, and not how long a pool takes for a thousand at once.
    private static string Lateness()
    {
        using var calls = new CallsInFlight(InFlight, static i => TimeSpan.FromMilliseconds(Least + ((double)Spread * i / InFlight)));
        var late = calls.LatenessInMilliseconds();
        return $"fired late by {late[0]:0.0} to {late[^1]:0.0} ms, by {late[late.Length / 2]:0.0} in the median";
    }
}
