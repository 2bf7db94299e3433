namespace Resilience.Benchmarks;

/// <summary>
/// The same work done by us and by the peer. Each side is a loop in a method of its own that makes so many calls and returns a sum of
/// their results: no result is dropped, and the sums show that both did the same.
/// </summary>
/// <remarks>Safe for use from several threads at once where a row runs it so.</remarks>
internal abstract class Contest
{
    /// <summary>Our side, through the public surface only.</summary>
    public abstract long Ours(int calls);

    /// <summary>The peer's side, called as its documentation advises.</summary>
    public abstract long Peer(int calls);

    /// <summary>The work without a library: the callback alone.</summary>
    public abstract long Bare(int calls);

    /// <summary>Runs both sides and sees that they did the same.</summary>
    /// <exception cref="InvalidOperationException">Their sums differ.</exception>
    public void Both(int calls)
    {
        var (ours, peer) = (Ours(calls), Peer(calls));
        if (ours != peer)
        {
            throw new InvalidOperationException($"{GetType().Name}: our sum is {ours}, the peer's {peer}: they did not do the same work.");
        }
    }
}
