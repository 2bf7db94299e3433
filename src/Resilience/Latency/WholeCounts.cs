namespace Resilience;

/// <summary>Asks for the count of every bucket.</summary>
/// <typeparam name="TI">The interleaving.</typeparam>
/// <param name="counts">Where the count of each bucket goes.</param>
/// <param name="sums">Where the sum of each block goes.</param>
internal readonly ref struct WholeCounts<TI>(Span<uint> counts, Span<ulong> sums) : IWindowQuery
    where TI : struct, IInterleaving
{
    private readonly Span<uint> _counts = counts;
    private readonly Span<ulong> _sums = sums;

    /// <inheritdoc/>
    public ulong Answer(AlignedCounts[] live, BlockRange used, Snapshot start, long least) =>
        LiveCounts<TI>.Since(live, used, start.Counts, _counts, _sums);

    /// <inheritdoc/>
    public void AnswerNothing()
    {
        _counts.Clear();
        _sums.Clear();
    }
}
