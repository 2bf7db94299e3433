namespace Resilience;

/// <content>The starts of the slices: taking them, finding them, and handing them on.</content>
internal partial struct TimeWindow<TI>
{
    public readonly int Export(ref long word, Span<byte> outcomes) => 0;

    public void Inherit(IWindow old, long now)
    {
        var from = (TimeWindow<TI>)old;

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
        var found = TryStart(newest - _slices + 1, newest, out start);
        began = (start.Tag - 1) * _sliceTicks;
        return found;
    }

    private readonly bool TryStart(long oldest, long newest, out Slice start)
    {
        for (var tag = Math.Max(1, oldest); tag <= newest; tag++)
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
                return true;
            }
        }

        start = default;
        return false;
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

    private struct Slice
    {
        // The slice's number plus one; negative while its counts are being taken; zero when never used.
        public long Tag;
        public long Calls;
        public long Bad;
    }
}
