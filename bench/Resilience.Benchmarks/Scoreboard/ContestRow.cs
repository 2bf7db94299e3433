namespace Resilience.Benchmarks;

/// <summary>A row that is a contest between us and the peer: what to run, and what is owed.</summary>
internal sealed class ContestRow : Row
{
    private const int CallsCompared = 1_000;
    private readonly Func<Contest> _contest;

    public ContestRow(string name, Func<Contest> contest)
        : base(name)
    {
        _contest = contest;

        // Bytes a call.
        BytesLimit = 0;
    }

    /// <summary>Counts bytes above those of the bare callback.</summary>
    public bool AboveBare { get; init; }

    /// <summary>Calls end on other threads than they began on.</summary>
    public bool HopsThreads { get; init; }

    /// <summary>How many threads share the contest's one pipeline.</summary>
    public int Threads { get; init; } = 1;

    public string PeerName { get; init; } = "Polly";

    /// <summary>What the last measurement gave; null before there was one.</summary>
    public RowResult? Latest { get; private set; }

    public Contest CreateContest() => _contest();

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        var sides = CreateContest();
        sides.Both(CallsCompared);
        using var crew = new Crew(Threads);
        var alone = new List<Sample>();
        var together = new List<Sample>();
        var figures = Bout.Run(crew, HopsThreads, BetweenRounds, sides.Ours, sides.Peer, sides.Bare);
        var (ours, peer, bare) = (figures[0], figures[1], figures[2]);
        var baseline = AboveBare ? bare.Bytes : 0;
        return Latest = new RowResult
        {
            Name = Name,
            PeerName = PeerName,
            Ours = ours,
            Peer = peer,
            Bare = bare,
            OurBytes = Rounded(ours.Bytes - baseline),
            PeerBytes = Rounded(peer.Bytes - baseline),
            Ratio = (Target ?? Target.TimesFaster(1)).RatioOf(ours.Nanoseconds, peer.Nanoseconds),
            Target = Target,
            BytesLimit = BytesLimit,
            OwesFewerBytes = OwesFewerBytes,
            Note = Threads == 1 ? Note : $"{Note}; control on two threads {Control.ScalingOf(alone, together):0.00}×",
        };

        void BetweenRounds()
        {
            alone.Add(control.Alone());
            if (Threads > 1)
            {
                together.Add(control.Together(crew));
            }
        }
    }

    // A round's own async method and what the runtime does on other threads are not the calls': they show only as small fractions.
    private double Rounded(double bytes) => HopsThreads ? Math.Round(bytes, 1) : bytes;
}
