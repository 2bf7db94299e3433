using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The calls of the last so many slices of time. Calls are counted a thread by itself, failures and slow calls by one shared add whose
/// returned value is judged. All counts run free: what the window holds is the difference to what was counted when its first slice
/// began, so that nothing is ever reset. Calls may lag by one report a running thread.
/// </summary>
internal struct TimeWindow<TI> : IWindow
    where TI : struct, IInterleaving
{
    private readonly long _sliceTicks;
    private readonly int _slices;
    private readonly long _least;
    private readonly StripedCounter<TI> _calls;

    // The counts at the start of a slice. One more than the window has slices, so that claiming the newest leaves the oldest readable.
    private readonly Slice[] _starts;

    // When the current slice ends. Moves forward only.
    private long _sliceEnd;

    // Failures in the upper half, slow calls in the lower, both free-running; the carry between them cancels in a difference.
    private long _bad;

    // Whether a success may open the breaker, by bringing the calls to the least that count. Written with the evaluation that found it so;
    // a success that misses the write is seen by the next report.
    private bool _watching;

    internal TimeWindow(TimeSpan duration, int slices, long least, long now, StripedCounter<TI> calls)
    {
        _sliceTicks = Math.Max(1, duration.Ticks / slices);
        _slices = slices;
        _least = least;
        _calls = calls;
        _starts = new Slice[BitOperations.RoundUpToPowerOf2((uint)slices + 1)];
        Roll(now);
    }

    public static bool IsTimed => true;

    public readonly long FirstWord => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Record(ref long word, bool failed, bool slow, long now, out Tally tally)
    {
        if (failed || slow || now >= Volatile.Read(ref _sliceEnd) || Volatile.Read(ref _watching))
        {
            return RecordAndJudge(failed, slow, now, out tally);
        }

        _calls.Increment(0);
        tally = default;
        return false;
    }

    public Tally Read(ref long word, long now, out long covered)
    {
        var bad = Volatile.Read(ref _bad);
        if (TryStart(now, out var start, out var began))
        {
            covered = now - began;
            return Since(start, bad);
        }

        covered = _sliceTicks * _slices;
        return default;
    }

    public readonly int Export(ref long word, Span<byte> outcomes) => 0;

    public void Inherit(IWindow old, long now)
    {
        if (old is not TimeWindow<TI> from)
        {
            return;
        }

        // Nobody else sees this window yet. The old one goes on counting: what is reported to it from here on is not taken over.
        var end = new Slice { Bad = from._bad, Calls = from._calls.Sum(0) };
        _calls.Share(0, end.Calls);
        _bad = end.Bad;
        _watching = true;
        var newest = (now / _sliceTicks) + 1;
        for (var tag = Math.Max(1, newest - _slices + 1); tag <= newest; tag++)
        {
            _starts[tag & (_starts.Length - 1)] = from.StartAfter((tag - 1) * _sliceTicks, end) with { Tag = tag };
        }
    }

    // What had been counted at the first start that is no earlier, or by the end.
    private readonly Slice StartAfter(long began, Slice end)
    {
        var first = long.MaxValue;
        foreach (ref var slice in _starts.AsSpan())
        {
            var tag = Volatile.Read(ref slice.Tag);
            if (tag > 0 && tag < first && (tag - 1) * _sliceTicks >= began)
            {
                first = tag;
                end = slice;
            }
        }

        return end;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RecordAndJudge(bool failed, bool slow, long now, out Tally tally)
    {
        if (now >= Volatile.Read(ref _sliceEnd))
        {
            Roll(now);
        }

        _calls.Increment(0);
        TI.Point(40);
        var bad = failed || slow
            ? Interlocked.Add(ref _bad, (failed ? 1L << 32 : 0) + (slow ? 1 : 0))
            : Volatile.Read(ref _bad);

        // No start is found only while another thread is taking the first one after an idle window: it judges when it has.
        tally = TryStart(now, out var start, out _) ? Since(start, bad) : default;
        var watching = tally.Failures + tally.Slow > 0 && tally.Calls < _least;
        TI.Point(41);
        if (Volatile.Read(ref _watching) != watching)
        {
            Volatile.Write(ref _watching, watching);
        }

        return tally.Failures + tally.Slow > 0;
    }

    private readonly Tally Since(in Slice start, long bad)
    {
        var delta = bad - start.Bad;
        return new Tally(_calls.Sum(0) - start.Calls, delta >>> 32, (uint)delta);
    }

    // Takes the counts at the start of the slice of now, once: who claims the tag writes them. Others go on and count, before or after.
    private void Roll(long now)
    {
        var tag = (now / _sliceTicks) + 1;
        ref var slice = ref _starts[tag & (_starts.Length - 1)];
        TI.Point(42);
        var seen = Volatile.Read(ref slice.Tag);
        if (Math.Abs(seen) < tag)
        {
            TI.Point(43);
            if (Interlocked.CompareExchange(ref slice.Tag, -tag, seen) == seen)
            {
                // A report under way meanwhile may leave its call on one side of the start and its failure on the other.
                var calls = _calls.Sum(0);
                TI.Point(44);
                Volatile.Write(ref slice.Calls, calls);
                TI.Point(45);
                Volatile.Write(ref slice.Bad, Volatile.Read(ref _bad));
                TI.Point(46);
                Volatile.Write(ref slice.Tag, tag);
            }
        }

        var end = tag * _sliceTicks;
        for (var old = Volatile.Read(ref _sliceEnd); old < end;)
        {
            TI.Point(47);
            var found = Interlocked.CompareExchange(ref _sliceEnd, end, old);
            old = found == old ? end : found;
        }
    }

    // The first slice of the window that has a start: in those before it nothing was reported.
    private readonly bool TryStart(long now, out Slice start, out long began)
    {
        var newest = (now / _sliceTicks) + 1;
        for (var tag = Math.Max(1, newest - _slices + 1); tag <= newest; tag++)
        {
            ref var slice = ref _starts[tag & (_starts.Length - 1)];
            TI.Point(48);
            if (Volatile.Read(ref slice.Tag) != tag)
            {
                continue;
            }

            start = new Slice { Tag = tag, Calls = Volatile.Read(ref slice.Calls), Bad = Volatile.Read(ref slice.Bad) };
            TI.Point(49);
            if (Volatile.Read(ref slice.Tag) == tag)
            {
                began = (tag - 1) * _sliceTicks;
                return true;
            }
        }

        start = default;
        began = 0;
        return false;
    }

    private struct Slice
    {
        // The slice's number plus one; negative while its counts are being taken; zero when never used.
        public long Tag;
        public long Calls;
        public long Bad;
    }
}
