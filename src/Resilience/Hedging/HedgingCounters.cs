namespace Resilience;

/// <summary>What hedging strategies did. Safe for concurrent use; written only when an attempt is hedged, by an interlocked operation.</summary>
public sealed class HedgingCounters
{
    private long _hedges;
    private long _hedgesWon;
    private long _losers;
    private long _losersEnded;
    private long _refused;

    /// <summary>How many attempts were started after the first of a call.</summary>
    public long Hedges => Volatile.Read(ref _hedges);

    /// <summary>How many calls that waited ended with the outcome of an attempt after the one that they waited for first.</summary>
    public long HedgesWon => Volatile.Read(ref _hedgesWon);

    /// <summary>How many attempts were under way when another one won.</summary>
    public long Losers => Volatile.Read(ref _losers);

    /// <summary>How many of them have not ended yet.</summary>
    public long InFlightLosers
    {
        get
        {
            // In this order: rather one too many than one too few. A loser may have ended before it is added: below zero for an instant.
            var ended = Volatile.Read(ref _losersEnded);
            return Math.Max(0, Volatile.Read(ref _losers) - ended);
        }
    }

    /// <summary>How many attempts the budget did not grant, or too many losers in flight.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Hedges} hedges, {HedgesWon} won, {Losers} losers, {InFlightLosers} in flight, {Refused} refused";

    internal void OnHedge() => Interlocked.Increment(ref _hedges);

    internal void OnRefused() => Interlocked.Increment(ref _refused);

    internal void OnDecided(bool byLater, int losers)
    {
        if (byLater)
        {
            Interlocked.Increment(ref _hedgesWon);
        }

        if (losers != 0)
        {
            Interlocked.Add(ref _losers, losers);
        }
    }

    internal void OnLoserEnded() => Interlocked.Increment(ref _losersEnded);
}
