namespace Resilience.Caching;

/// <summary>What the queues, those who count hits and those who provide nodes agree on.</summary>
internal static class TwoQueues
{
    internal const int MostCount = 15;

    /// <summary>How many heads the queues need: one a generation, and the main queue's.</summary>
    internal const int Rings = 65;

    /// <summary>
    /// A hash whose upper bits may choose a place: those of keys that follow each other may themselves follow each other in steps. Source: Appleby,
    /// the end of MurmurHash3.
    /// </summary>
    internal static uint Mixed(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EB_CA6Bu;
        return (hash ^ (hash >> 13)) * 0xC2B2_AE35u;
    }

    /// <summary>What a hit makes of an entry's marks.</summary>
    internal static ushort Counted(ushort marks, ushort generation) => (ushort)(generation | Math.Min(MostCount, (marks & MostCount) + 1));
}
