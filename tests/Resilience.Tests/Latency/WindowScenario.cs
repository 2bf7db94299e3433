using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Latency;

/// <summary>
/// A few records, turns and readings of a window of two buckets, and what must hold of every reading whatever the schedule: it counts only what
/// had begun and was not over before the boundary it starts at, all but what may have come while its
/// boundary was copied, and in the end everything exactly once.
/// </summary>
internal sealed class WindowScenario<TI>
    where TI : struct, IInterleaving
{
    private const long Slice = 100;
    private readonly Explorer _explorer;
    private readonly BentClock _clock = new();
    private readonly List<(long Time, long At)> _moves = [(0, 0)];
    private readonly List<(int Index, long Time, long TimeAfter, long Begun, long Ended)> _records = [];
    private readonly List<(uint[] Counts, Coverage Coverage, long Begun, long Ended)> _readings = [];
    private readonly int _slices;

    public WindowScenario(Explorer explorer, int slices, int stripes = 0)
    {
        _explorer = explorer;
        _slices = slices;
        Window = new SlidingCounts<TI>(Clock.For(_clock), Slice, slices, 2, stripes);

        // Every reading that found a snapshot now covers some time.
        _clock.Now = 5;
    }

    public SlidingCounts<TI> Window { get; }

    public void MoveTo(long time)
    {
        TI.Point(0);
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
        Window.Record(lane, index, time);
        _records[slot] = (index, time, _clock.Now, begun, _explorer.Now());
    }

    public void Read()
    {
        var begun = _explorer.Now();
        var slot = _readings.Count;
        _readings.Add(([0, 0], default, begun, long.MaxValue));
        var counts = new uint[2];

        var coverage = Window.Read(_slices * Slice, counts, new ulong[1]);
        _readings[slot] = (counts, coverage, begun, _explorer.Now());
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
        var counts = new uint[2];
        var coverage = Window.Read(_slices * Slice, counts, new ulong[1]);
        var all = coverage != default && coverage.From == 0;
        _clock.Now += Slice;
        Window.Record(Lanes.None, 0, _clock.Now);
        return Window.Ring.Total == (ulong)_records.Count && (!all || counts.Sum(count => count) == _records.Count);
    }

    private bool Holds((uint[] Counts, Coverage Coverage, long Begun, long Ended) reading, int self)
    {
        if (reading.Coverage == default)
        {
            return reading.Counts.All(count => count == 0);
        }

        if (reading.Coverage.Copied + reading.Coverage.Blur > ((reading.Coverage.Copied / Slice) + 1) * Slice)
        {
            return false;
        }

        var passed = _moves.First(move => move.Time >= reading.Coverage.From).At;
        for (var index = 0; index < 2; index++)
        {
            var most = _records.Count(record => record.Index == index && record.Begun < reading.Ended && record.Ended > passed);
            var least = _records.Count(record => record.Index == index && record.Ended < reading.Begun && record.Begun > passed
                && (IsAlone(record, self) || record.Time > reading.Coverage.Copied + reading.Coverage.Blur || record.TimeAfter < reading.Coverage.Copied));
            if (reading.Counts[index] > most || reading.Counts[index] < least)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsAlone((int Index, long Time, long TimeAfter, long Begun, long Ended) record, int self) =>
        _records.Count(other => other.Begun < record.Ended && other.Ended > record.Begun) == 1
        && !_readings.Where((reading, i) => i != self && reading.Begun < record.Ended && reading.Ended > record.Begun).Any();
}
