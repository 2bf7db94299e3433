using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Latency;

/// <summary>
/// A few records, turns and readings of a window of two buckets, read whole or asked for quantiles, and what must hold of every reading whatever the schedule: it counts only what
/// had begun and was not over before the boundary it starts at, all but what may have come while its
/// boundary was copied, and in the end everything exactly once.
/// </summary>
internal sealed class WindowScenario<TI>
    where TI : struct, IInterleaving
{
    private const long Units = 100;

    // One group of blocks, and the first block of another: each bucket is read by itself.
    private const int Blocks = 5;
    private const int Second = 4 * Buckets.PerOctave;
    private readonly Explorer _explorer;
    private readonly BentClock _clock = new();
    private readonly List<(long Time, long At)> _moves = [(0, 0)];
    private readonly List<(int Index, long Time, long TimeAfter, long Begun, long Ended)> _records = [];
    private readonly List<(Func<uint[], bool> Counts, Coverage Coverage, long Begun, long Ended)> _readings = [];
    private readonly int _slices;
    private readonly long _unit;
    private readonly long _slice;
    private readonly double[]? _quantiles;

    public WindowScenario(Explorer explorer, int slices, int stripes = 0, double[]? quantiles = null, long unit = 1)
    {
        _unit = unit;
        _slice = Units * unit;
        _explorer = explorer;
        _slices = slices;
        _quantiles = quantiles;
        Window = new SlidingCounts<TI>(Clock.For(_clock), _slice, slices, Blocks * Buckets.PerOctave, stripes);

        // Every reading that found a snapshot now covers some time.
        _clock.Now = 5 * unit;
    }

    public SlidingCounts<TI> Window { get; }

    public void MoveTo(long units)
    {
        TI.Point(0);
        var time = units * _unit;
        if (time > _clock.Now)
        {
            _clock.Now = time;
            _moves.Add((time, _explorer.Now()));
        }
    }

    public void Record(int index, int lane = Lanes.None)
    {
        var begun = _explorer.Now();
        var slot = _records.Count;
        var time = _clock.Now;
        _records.Add((index, time, long.MaxValue, begun, long.MaxValue));
        Window.Record(lane, index * Second, time);
        _records[slot] = (index, time, _clock.Now, begun, _explorer.Now());
    }

    public void Read()
    {
        var begun = _explorer.Now();
        var slot = _readings.Count;
        _readings.Add((_ => true, default, begun, long.MaxValue));
        if (_quantiles is { } quantiles)
        {
            var (count, found, coverage) = Ask(quantiles);
            _readings[slot] = (counts => counts.Sum(one => one) == count && Answers(counts, quantiles, found), coverage, begun, _explorer.Now());
        }
        else
        {
            var (read, coverage) = ReadWhole();
            _readings[slot] = (counts => counts.SequenceEqual(read), coverage, begun, _explorer.Now());
        }
    }

    public bool Holds()
    {
        for (var i = 0; i < _readings.Count; i++)
        {
            if (!Holds(_readings[i], i))
            {
                return false;
            }
        }

        // Quiescent: one more turn sees all records, each once, and so does a reading that starts before them.
        var (counts, coverage) = ReadWhole();
        var all = coverage != default && coverage.From == 0;
        _clock.Now += _slice;
        Window.Record(Lanes.None, 0, _clock.Now);
        return Window.Ring.Total == (ulong)_records.Count && (!all || counts.Sum(count => count) == _records.Count);
    }

    // Each quantile lies in the bucket in which its rank falls.
    private static bool Answers(uint[] counts, double[] quantiles, long[] found)
    {
        for (var i = 0; i < found.Length; i++)
        {
            var rank = Quantile.Rank(quantiles[i], counts[0] + counts[1]);
            if (found[i] != (rank == 0 ? 0 : Buckets.Report(rank <= counts[0] ? 0 : Second)))
            {
                return false;
            }
        }

        return true;
    }

    private (uint[] Counts, Coverage Coverage) ReadWhole()
    {
        var counts = new uint[Blocks * Buckets.PerOctave];
        var query = new WholeCounts<TI>(counts, new ulong[Blocks]);
        var coverage = Window.Read(_slices * _slice, ref query);
        return ([counts[0], counts[Second]], coverage);
    }

    private (long Count, long[] Found, Coverage Coverage) Ask(double[] quantiles)
    {
        var found = new long[quantiles.Length];
        var query = new FewQuantiles<TI>(quantiles, found, new uint[Blocks * CountBlock.WithRows], new uint[Blocks]);
        var coverage = Window.Read(_slices * _slice, ref query);
        return (query.Count, found, coverage);
    }

    private bool Holds((Func<uint[], bool> Counts, Coverage Coverage, long Begun, long Ended) reading, int self)
    {
        if (reading.Coverage == default)
        {
            return reading.Counts([0, 0]);
        }

        if (reading.Coverage.Copied + reading.Coverage.Blur > ((reading.Coverage.Copied / _slice) + 1) * _slice)
        {
            return false;
        }

        var passed = _moves.First(move => move.Time >= reading.Coverage.From).At;
        var ((leastFirst, mostFirst), (leastSecond, mostSecond)) = (Bounds(0), Bounds(1));
        for (var first = leastFirst; first <= mostFirst; first++)
        {
            for (var second = leastSecond; second <= mostSecond; second++)
            {
                if (reading.Counts([(uint)first, (uint)second]))
                {
                    return true;
                }
            }
        }

        return false;

        (int Least, int Most) Bounds(int index) => (
            _records.Count(record => record.Index == index && record.Ended < reading.Begun && record.Begun > passed
                && (IsAlone(record, self) || record.Time > reading.Coverage.Copied + reading.Coverage.Blur || record.TimeAfter < reading.Coverage.Copied)),
            _records.Count(record => record.Index == index && record.Begun < reading.Ended && record.Ended > passed));
    }

    private bool IsAlone((int Index, long Time, long TimeAfter, long Begun, long Ended) record, int self) =>
        _records.Count(other => other.Begun < record.Ended && other.Ended > record.Begun) == 1
        && !_readings.Where((reading, i) => i != self && reading.Begun < record.Ended && reading.Ended > record.Begun).Any();
}
