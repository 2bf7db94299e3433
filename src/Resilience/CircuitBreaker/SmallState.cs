namespace Resilience;

/// <summary>The state of a small breaker in one word, replaced by compare-exchange.</summary>
/// <remarks>
/// Generation in bits 48 to 63, kind in 45 to 47, whether a probe was seen overdue in 44, the probe's nonce in 42 and 43, openings in a row
/// (at most 15) in 38 to 41, and in 0 to 37 a time in milliseconds: the end of the break or of the probe's lease, zero for no probe.
/// </remarks>
internal readonly record struct SmallState(long Word)
{
    private const int GenerationShift = 48;
    private const int KindShift = 45;
    private const int SeenShift = 44;
    private const int NonceShift = 42;
    private const int OpensShift = 38;
    private const long MostTime = (1L << OpensShift) - 1;

    internal enum KindOf
    {
        Closed,
        Open,
        HalfOpen,
        Isolated,

        /// <summary>No longer in its table: look again.</summary>
        Evicted,
    }

    internal ushort Generation => (ushort)(Word >>> GenerationShift);

    internal KindOf Kind => (KindOf)((Word >> KindShift) & 7);

    internal bool SeenOverdue => ((Word >> SeenShift) & 1) != 0;

    internal int Nonce => (int)(Word >> NonceShift) & 3;

    internal int Opens => (int)(Word >> OpensShift) & 15;

    internal long Time => Word & MostTime;

    /// <summary>The next generation, of a kind.</summary>
    internal SmallState Next(KindOf kind, int opens, long time) =>
        new(((long)(ushort)(Generation + 1) << GenerationShift) | ((long)kind << KindShift) | ((long)Math.Min(opens, 15) << OpensShift) | Math.Min(time, MostTime));

    /// <summary>The same half-open state with another probe, or with the same one seen overdue.</summary>
    internal SmallState With(int nonce, bool seenOverdue, long time) =>
        new(((long)Generation << GenerationShift) | ((long)Kind << KindShift) | (seenOverdue ? 1L << SeenShift : 0)
            | ((long)(nonce & 3) << NonceShift) | ((long)Opens << OpensShift) | Math.Min(time, MostTime));
}
