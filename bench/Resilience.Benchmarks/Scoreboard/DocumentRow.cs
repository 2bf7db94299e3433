using System.Runtime;

namespace Resilience.Benchmarks;

/// <summary>
/// A row whose call takes milliseconds: a call a round, alternating. Its bytes are the most that a call holds, rented and allocated together.
/// </summary>
internal sealed class DocumentRow(string name, Func<Contest> contest) : Row(name)
{
    private const int Rounds = 24;
    private const int MostWarmUps = 60;
    private const int QuietCalls = 12;

    /// <summary>The most bytes, as a share of the peer's; null if not bounded.</summary>
    public double? BytesShare { get; init; }

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        var sides = contest();
        sides.Both(1);
        using var crew = new Crew(1);
        Func<int, long>[] loops = [sides.Ours, sides.Peer, sides.Bare];
        WarmUp(crew, loops);
        var samples = Array.ConvertAll(loops, _ => new List<Sample>());
        for (var round = 0; round < Rounds; round++)
        {
            control.Alone();
            for (var i = 0; i < loops.Length; i++)
            {
                var side = (round & 1) == 0 ? i : loops.Length - 1 - i;
                samples[side].Add(crew.Run(loops[side], 1, hopsThreads: false, (round >> 1) % StackPosition.Count));
            }
        }

        var figures = Array.ConvertAll(samples, Figure.Of);
        var peer = RentedBytes.PeakOf(() => sides.Peer(1));
        return new RowResult
        {
            Name = Name,
            PeerName = "JsonDocument",
            Ours = figures[0],
            Peer = figures[1],
            Bare = figures[2],
            OurBytes = RentedBytes.PeakOf(() => sides.Ours(1)),
            PeerBytes = peer,
            Ratio = (Target ?? Target.TimesFaster(1)).RatioOf(figures[0].Nanoseconds, figures[1].Nanoseconds),
            Target = Target,
            BytesLimit = BytesShare * peer,
            Note = Note,
        };
    }

    private static void WarmUp(Crew crew, Func<int, long>[] loops)
    {
        var compiled = JitInfo.GetCompiledMethodCount();
        for (var (call, quiet) = (0, 0); call < MostWarmUps && quiet < QuietCalls; call++)
        {
            foreach (var loop in loops)
            {
                crew.Run(loop, 1);
            }

            quiet = compiled == JitInfo.GetCompiledMethodCount() ? quiet + 1 : 0;
            compiled = JitInfo.GetCompiledMethodCount();
        }
    }
}
