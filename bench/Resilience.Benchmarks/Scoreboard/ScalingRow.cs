namespace Resilience.Benchmarks;

/// <summary>
/// How much more two threads do than one, as a share of what the machine has to give: the same of the <see cref="Control"/>, in the same
/// rounds. Without a second processor to itself the row says nothing and is void.
/// </summary>
internal sealed class ScalingRow(string name, Func<Contest> contest, double least) : Row(name)
{
    private const double LeastControl = 1.9;
    private const int Rounds = 96;
    private const int Calls = 400_000;

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        Func<int, long> work = contest().Ours;
        using var one = new Crew(1);
        using var two = new Crew(2);
        WarmUp.Run(two, work);
        WarmUp.Run(one, work);
        var (alone, together, controlAlone, controlTogether) = (new List<Sample>(), new List<Sample>(), new List<Sample>(), new List<Sample>());
        for (var round = 0; round < Rounds; round++)
        {
            controlAlone.Add(control.Alone());
            controlTogether.Add(control.Together(two));
            alone.Add(one.Run(work, Calls, position: round % StackPosition.Count));
            together.Add(two.Run(work, Calls, position: round % StackPosition.Count));
        }

        var (single, both) = (Figure.Of(alone), Figure.Of(together));
        var (scaling, machine) = (2 * single.Nanoseconds / both.Nanoseconds, Control.ScalingOf(controlAlone, controlTogether));
        var isVoid = machine < LeastControl;
        return new RowResult
        {
            Name = Name,
            PeerName = "one thread",
            Ours = both,
            Peer = single,
            Bare = single,
            OurBytes = both.Bytes,
            PeerBytes = single.Bytes,
            Ratio = scaling / machine,
            Target = isVoid ? null : Target.TimesFaster(least),
            BytesLimit = isVoid ? null : 0,
            Note = $"two threads do {scaling:0.00}× the work of one, the control {machine:0.00}×{(isVoid ? ": void, the machine was shared" : "")}",
        };
    }
}
