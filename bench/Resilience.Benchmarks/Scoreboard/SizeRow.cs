namespace Resilience.Benchmarks;

/// <summary>What an object takes, its parts included, beside what the peer's does. Nothing is timed.</summary>
internal sealed class SizeRow(string name, Func<object> ours, Func<object> peer) : Row(name)
{
    private static readonly Figure s_untimed = new(0, 0, 0, 0, 0, 0);

    public required double BytesLimit { get; init; }

    public required string PeerName { get; init; }

    public string Note { get; init; } = "";

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        var (our, peers) = (BytesOf(ours), BytesOf(peer));
        return new RowResult
        {
            Name = Name,
            PeerName = PeerName,
            Ours = s_untimed,
            Peer = s_untimed,
            Bare = s_untimed,
            OurBytes = our,
            PeerBytes = peers,
            Ratio = peers / our,
            BytesLimit = BytesLimit,
            Note = Note,
        };
    }

    private static double BytesOf(Func<object> make)
    {
        // Twice: what is made once in a process is not the object's.
        make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(make());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
