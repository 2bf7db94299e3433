namespace Resilience;

/// <summary>How long a break lasts: a duration that grows with each opening in a row, up to a cap, spread by jitter.</summary>
internal static class BreakSchedule
{
    // The state of a SplitMix64 generator (Steele, Lea and Flood, 2014): one add a number, so that threads need no lock.
    private static long s_random = Environment.TickCount64;

    internal static long Ticks(CircuitBreakerOptions options, int opens)
    {
        var grown = options.BreakDuration.Ticks * Math.Pow(options.BreakGrowth, opens - 1);
        var ticks = Math.Min(grown, options.MaxBreakDuration.Ticks);
        if (options.BreakJitter > 0)
        {
            ticks *= 1 + (options.BreakJitter * ((2 * NextDouble()) - 1));
        }

        return Math.Max(1, (long)ticks);
    }

    private static double NextDouble()
    {
        var z = (ulong)Interlocked.Add(ref s_random, unchecked((long)0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
