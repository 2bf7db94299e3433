using System.Runtime;

namespace Resilience.Benchmarks;

/// <summary>
/// Measures the sides of a row in alternating rounds, so that what disturbs the machine disturbs both: at least
/// <see cref="LeastRounds"/> each, and more, up to <see cref="MostRounds"/>, while the rounds of a side disagree.
/// </summary>
internal sealed class Bout
{
    private const int LeastRounds = 15;
    private const int MostRounds = 45;
    private const int MostRestarts = 3;
    private const int MostCalls = 100_000_000;
    private const double Agreement = 0.03;

    // In nanoseconds.
    private const double Round = 12_000_000;

    /// <summary>Runs <paramref name="sides"/>, each given the number of calls it is to make.</summary>
    /// <param name="crew">The threads that run them.</param>
    /// <param name="hopsThreads">Whether calls end on other threads than they began on.</param>
    /// <param name="betweenRounds">Called once a round; null for nothing.</param>
    /// <param name="sides">What to measure.</param>
    /// <returns>A figure a side.</returns>
    public static Figure[] Run(Crew crew, bool hopsThreads, Action? betweenRounds, params Func<int, long>[] sides)
    {
        GC.Collect();
        WarmUp.Run(crew, sides);
        var calls = Array.ConvertAll(sides, side => Calibrate(crew, side, hopsThreads));
        var samples = Array.ConvertAll(sides, _ => new List<Sample>());
        var restarts = 0;
        while (samples[0].Count < MostRounds)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            betweenRounds?.Invoke();

            // Every other round begins with the other side.
            var forward = (samples[0].Count & 1) == 0;
            for (var i = 0; i < sides.Length; i++)
            {
                var side = forward ? i : sides.Length - 1 - i;
                samples[side].Add(crew.Run(sides[side], calls[side], hopsThreads));
            }

            if (compiled != JitInfo.GetCompiledMethodCount() && restarts++ < MostRestarts)
            {
                // The JIT was not done: what was measured so far may be another tier's.
                Array.ForEach(samples, s => s.Clear());
            }
            else if (samples[0].Count >= LeastRounds && samples.All(s => Figure.Of(s).Spread <= Agreement))
            {
                break;
            }
        }

        return Array.ConvertAll(samples, Figure.Of);
    }

    private static int Calibrate(Crew crew, Func<int, long> side, bool hopsThreads)
    {
        var calls = 500;
        while (true)
        {
            var elapsed = crew.Run(side, calls, hopsThreads).Nanoseconds * calls;
            if (elapsed >= Round || calls >= MostCalls)
            {
                return calls;
            }

            var factor = elapsed < Round / 10 ? 8 : 1.2 * (Round / elapsed);
            calls = (int)Math.Min(calls * factor, MostCalls);
        }
    }
}
