using System.Security.Cryptography;

namespace Resilience;

/// <summary>
/// A source of uniform draws: SplitMix64, a counter that steps by an odd constant and is then mixed (Steele, Lea and Flood, 2014),
/// so that one addition is all that threads have to agree on. Safe for concurrent use without a lock; a draw allocates nothing.
/// </summary>
internal abstract class RandomSource
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    /// <summary>A source without a seed, whose state each thread has to itself: nothing is shared and nothing contended.</summary>
    internal static RandomSource PerThread { get; } = new ThreadOwned();

    /// <summary>A source whose sequence <paramref name="seed"/> decides. Threads that share it divide that one sequence.</summary>
    /// <param name="seed">Any number.</param>
    internal static RandomSource Seeded(ulong seed) => new Shared(seed);

    /// <summary>The next draw, at least 0 and below 1, in steps of 2⁻⁵³.</summary>
    internal abstract double NextDouble();

    private static ulong Mix(ulong state)
    {
        state = (state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9;
        state = (state ^ (state >> 27)) * 0x94D0_49BB_1331_11EB;
        return state ^ (state >> 31);
    }

    private static double ToUnit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    private sealed class Shared(ulong seed) : RandomSource
    {
        private ulong _state = seed;

        internal override double NextDouble() => ToUnit(Mix(Interlocked.Add(ref _state, Step)));
    }

    private sealed class ThreadOwned : RandomSource
    {
        [ThreadStatic]
        private static ulong s_state;

        [ThreadStatic]
        private static bool s_started;

        internal override double NextDouble()
        {
            if (!s_started)
            {
                Start();
            }

            s_state += Step;
            return ToUnit(Mix(s_state));
        }

        private static void Start()
        {
            Span<byte> entropy = stackalloc byte[sizeof(ulong)];
            RandomNumberGenerator.Fill(entropy);
            s_state = BitConverter.ToUInt64(entropy);
            s_started = true;
        }
    }
}
