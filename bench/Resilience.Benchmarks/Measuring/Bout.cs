using System.Runtime;

namespace Resilience.Benchmarks;

/// <summary>
/// Measures the sides of a row in alternating rounds, so that what disturbs the machine disturbs both: at least
/// <see cref="LeastRounds"/> each, and more, up to <see cref="MostRounds"/>, while the rounds of a side disagree.
/// </summary>
internal sealed class Bout
{
    private const int LeastRounds = 16;
    private const int MostRounds = 48;
    private const int MostRestarts = 3;
    private const int MostCalls = 100_000_000;
    private const double Agreement = 0.03;

    // In nanoseconds. Threads that share an object have shorter rounds, and more of them: on a shared machine few long ones stay undisturbed.
    // So have calls that hop, whose rounds differ by how often the pool wakes a thread.
    private const double Round = 12_000_000;
    private const double SharedRound = 3_000_000;
    private const int SharedRounds = 8 * MostRounds;
    private const double HoppingRound = 6_000_000;
    private const int HoppingRounds = 4 * MostRounds;
    private readonly Crew _crew;
    private readonly bool _hopsThreads;
    private readonly Func<int, long>[] _sides;
    private readonly int[] _calls;
    private readonly List<Sample>[] _samples;
    private int _rounds;

    private Bout(Crew crew, bool hopsThreads, Func<int, long>[] sides)
    {
        _crew = crew;
        _hopsThreads = hopsThreads;
        _sides = sides;
        _calls = Array.ConvertAll(sides, Calibrate);
        _samples = Array.ConvertAll(sides, _ => new List<Sample>());
    }

    private bool IsSettled =>
        _samples.All(s => s.Count(sample => !sample.IsDisturbed) >= LeastRounds && Figure.Of(s).Spread <= Agreement);

    /// <summary>Runs <paramref name="sides"/>, each given the number of calls it is to make.</summary>
    /// <param name="crew">The threads that run them.</param>
    /// <param name="hopsThreads">Whether calls end on other threads than they began on.</param>
    /// <param name="betweenRounds">Called once a round.</param>
    /// <param name="sides">What to measure.</param>
    /// <returns>A figure a side.</returns>
    public static Figure[] Run(Crew crew, bool hopsThreads, Action betweenRounds, params Func<int, long>[] sides)
    {
        GC.Collect();
        WarmUp.Run(crew, sides);
        return new Bout(crew, hopsThreads, sides).Run(betweenRounds);
    }

    private Figure[] Run(Action betweenRounds)
    {
        var restarts = 0;
        var most = _crew.IsShared ? SharedRounds : _hopsThreads ? HoppingRounds : MostRounds;
        while (_rounds < most && !IsSettled)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            betweenRounds();
            RunRound();
            if (compiled != JitInfo.GetCompiledMethodCount() && restarts++ < MostRestarts)
            {
                // The JIT was not done: what was measured so far may be another tier's. All rounds are run anew, for this may be the last.
                Array.ForEach(_samples, s => s.Clear());
                _rounds = 0;
            }
        }

        return Array.ConvertAll(_samples, Figure.Of);
    }

    private void RunRound()
    {
        // Every other round begins with the other side; every pair of rounds has its own position.
        var forward = (_rounds & 1) == 0;
        var position = (_rounds >> 1) % StackPosition.Count;
        _rounds++;
        for (var i = 0; i < _sides.Length; i++)
        {
            var side = forward ? i : _sides.Length - 1 - i;
            _samples[side].Add(_crew.Run(_sides[side], _calls[side], _hopsThreads, position));
        }
    }

    private int Calibrate(Func<int, long> side)
    {
        var round = _crew.IsShared ? SharedRound : _hopsThreads ? HoppingRound : Round;
        var calls = 500;
        while (true)
        {
            var elapsed = _crew.Run(side, calls, _hopsThreads).Nanoseconds * calls;
            if (elapsed >= round || calls >= MostCalls)
            {
                return calls;
            }

            var factor = elapsed < round / 10 ? 8 : 1.2 * (round / elapsed);
            calls = (int)Math.Min(calls * factor, MostCalls);
        }
    }
}
