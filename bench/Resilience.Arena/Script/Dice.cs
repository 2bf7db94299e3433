namespace Resilience.Arena;

/// <summary>
/// Randomness as a pure function of the seed and what it is for: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom
/// Number Generators, OOPSLA 2014). Two processes that ask the same question get the same answer, in whatever order they ask.
/// </summary>
internal struct Dice
{
    private ulong _state;

    public Dice(int seed, int first, int second = 0)
    {
        _state = Mix(Mix(Mix((uint)seed) ^ (uint)first) ^ (uint)second);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return (Mix(_state) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Standard normal, by Box and Muller.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
