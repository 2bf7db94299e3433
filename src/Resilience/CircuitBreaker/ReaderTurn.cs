namespace Resilience;

/// <summary>
/// Sees to it that a reader runs once at a time, and once more after each wake that came while it ran. Every change is an interlocked one, and so a
/// full fence: a reader that has just found nothing either sees that it is wanted again or has not looked yet.
/// </summary>
internal struct ReaderTurn<TI>
    where TI : struct, IInterleaving
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Wanted = 2;
    private int _state;

    /// <summary>Wants a run.</summary>
    /// <returns>Whether the caller must start one; otherwise the one under way goes on.</returns>
    internal bool Wake()
    {
        TI.Point(130);
        return Interlocked.Exchange(ref _state, Wanted) == Idle;
    }

    /// <summary>Begins to read: what was published so far will be found.</summary>
    internal void Begin()
    {
        TI.Point(131);
        Interlocked.Exchange(ref _state, Running);
    }

    /// <summary>Ends the run, unless another was wanted meanwhile.</summary>
    internal bool TryEnd()
    {
        TI.Point(132);
        return Interlocked.CompareExchange(ref _state, Idle, Running) == Running;
    }
}
