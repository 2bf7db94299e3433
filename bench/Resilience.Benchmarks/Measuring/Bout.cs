using System.Diagnostics;

namespace Resilience.Benchmarks;

/// <summary>
/// Measures the sides of a row in alternating rounds, so that what disturbs the machine disturbs both: at least
/// <see cref="LeastRounds"/> each, and more, up to <see cref="MostRounds"/>, while the rounds of a side disagree.
/// </summary>
internal sealed class Bout
{
    private const int LeastRounds = 15;
    private const int MostRounds = 45;
    private const double Agreement = 0.03;
    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(12);

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
        var calls = Array.ConvertAll(sides, side => Calibrate(crew, side));
        var samples = Array.ConvertAll(sides, _ => new List<Sample>());
        for (var round = 0; round < MostRounds; round++)
        {
            betweenRounds?.Invoke();
            for (var i = 0; i < sides.Length; i++)
            {
                // Every other round begins with the other side.
                var side = (round & 1) == 0 ? i : sides.Length - 1 - i;
                samples[side].Add(crew.Run(sides[side], calls[side], hopsThreads));
            }

            if (round + 1 >= LeastRounds && samples.All(s => Figure.Of(s).Spread <= Agreement))
            {
                break;
            }
        }

        return Array.ConvertAll(samples, Figure.Of);
    }

    private static int Calibrate(Crew crew, Func<int, long> side)
    {
        var calls = 500;
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            crew.Run(side, calls);
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed >= s_round)
            {
                return calls;
            }

            var factor = elapsed < s_round / 10 ? 8 : 1.2 * (s_round / elapsed);
            calls = (int)Math.Min(calls * factor, int.MaxValue / 16);
        }
    }
}
