namespace Resilience.Benchmarks;

/// <summary>
/// How the speed of a loop grows from one thread to two that share its object, beside how that of pure arithmetic does in the same rounds.
/// The ratio is the one growth over the other. Void where the arithmetic did not grow by <see cref="LeastControl"/>: then the machine had no
/// two processors to give.
/// </summary>
internal sealed class ScalingRow(string name, Func<Contest> contest) : Row(name)
{
    private const double LeastControl = 1.9;
    private const int Calls = 3_000_000;
    private const int Rounds = 40;

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        var sides = contest();
        using var one = new Crew(1);
        using var two = new Crew(2);
        WarmUp.Run(two, sides.Ours);
        List<Sample> alone = [], together = [], controlAlone = [], controlTogether = [];
        for (var round = 0; round < Rounds; round++)
        {
            var position = round % StackPosition.Count;
            alone.Add(one.Run(sides.Ours, Calls, position: position));
            together.Add(two.Run(sides.Ours, Calls, position: position));
            controlAlone.Add(control.Alone());
            controlTogether.Add(control.Together(two));
        }

        var growth = Control.ScalingOf(alone, together);
        var expected = Control.ScalingOf(controlAlone, controlTogether);
        return new RowResult
        {
            Name = Name,
            PeerName = "one thread",
            Ours = Figure.Of(together),
            Peer = Figure.Of(alone),
            Ratio = growth / expected,
            Target = Target,
            IsVoid = expected < LeastControl,
            Note = $"two threads do {growth:0.00} times the work of one, arithmetic {expected:0.00} times",
        };
    }
}
