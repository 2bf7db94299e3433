namespace Resilience;

/// <summary>
/// Snapshots of free-running counts, one for each of the last boundaries. Anyone may read at any time, and several may be writing different
/// places; nobody waits: a place that is taken, or changes while it is read, counts as missing.
/// </summary>
/// <typeparam name="TI">The interleaving.</typeparam>
internal sealed class SnapshotRing<TI>
    where TI : struct, IInterleaving
{
    /// <summary>The site of the first read of a tag.</summary>
    internal const int ReadTag = 3;

    /// <summary>The site of taking a place.</summary>
    internal const int TakePlace = 4;

    /// <summary>The site of publishing a snapshot.</summary>
    internal const int ReleaseTag = 5;

    /// <summary>The site of an access to a snapshot's header, or to the known total.</summary>
    internal const int Header = 6;

    /// <summary>The site of the second read of a tag.</summary>
    internal const int CheckTag = 7;

    private readonly Stripes<TI> _stripes;
    private readonly Snapshot[] _places;
    private ulong _total;

    /// <summary>A ring for the boundaries of <paramref name="slices"/> slices, which knows that nothing was recorded before the first.</summary>
    internal SnapshotRing(Stripes<TI> stripes, int slices, int length)
    {
        _stripes = stripes;

        // One place more than slices: the one that the next turn overwrites is no longer the start of a window.
        _places = new Snapshot[slices + 1];
        for (var i = 0; i < _places.Length; i++)
        {
            _places[i] = new Snapshot(length);
        }

        (_places[0].Tag, _places[0].Header) = (0, new SnapshotHeader(-1, 0, 0));
    }

    /// <summary>How many records the newest snapshot stands for. Read before live counts, which then hold at least as many.</summary>
    internal ulong Total
    {
        get
        {
            TI.Point(Header);
            return Volatile.Read(ref _total);
        }
    }

    /// <summary>What the counts take.</summary>
    internal long SizeInBytes => (long)_places.Length * (_places[0].Counts.Length + AlignedCounts.Slack + _places[0].Sums.Length) * sizeof(uint);

    /// <summary>The places, for tests that look into them.</summary>
    internal ReadOnlySpan<Snapshot> Places => _places;

    /// <summary>Asks for what was counted since the start of <paramref name="slice"/>.</summary>
    /// <returns>False if there is no whole snapshot of that boundary, or if a bucket has wrapped since: the answer is none.</returns>
    internal bool TryRead<TQuery>(long slice, ulong known, ref TQuery query, out SnapshotHeader header)
        where TQuery : struct, IWindowQuery, allows ref struct
    {
        var place = _places[slice % _places.Length];
        header = default;
        TI.Point(ReadTag);
        if (Volatile.Read(ref place.Tag) != slice)
        {
            return false;
        }

        TI.Point(Header);
        header = place.Header;
        var least = (long)(known - header.Total);

        // Live counts are read after the tag. The copy behind the tag was made before it was set, so no difference is negative.
        var seen = query.Answer(_stripes.Live, _stripes.Used, place, least);
        Volatile.ReadBarrier();
        TI.Point(CheckTag);
        return place.Tag == slice && (long)seen >= least;
    }

    /// <summary>Takes the place of the boundary that starts <paramref name="slice"/>.</summary>
    /// <returns>False if someone a whole ring ahead or behind has it: the boundary goes without, and the header of the next one tells.</returns>
    internal bool TryBegin(long slice, out SnapshotCopy copy)
    {
        var place = _places[slice % _places.Length];
        TI.Point(ReadTag);
        var tag = Volatile.Read(ref place.Tag);
        copy = new SnapshotCopy(place, slice, tag);
        if (tag == Snapshot.Writing || Snapshot.SliceOf(tag) > slice)
        {
            return false;
        }

        TI.Point(TakePlace);
        if (Interlocked.CompareExchange(ref place.Tag, Snapshot.Writing, tag) != tag)
        {
            return false;
        }

        // No count may be seen in the place before its tag is seen to be invalid.
        Volatile.WriteBarrier();
        return true;
    }

    /// <summary>Copies the live counts, and adds what they hold beyond the newest whole snapshot to its total.</summary>
    internal void Fill(ref SnapshotCopy copy)
    {
        var (start, tag) = (copy.Place, copy.Tag);
        foreach (var place in _places)
        {
            TI.Point(ReadTag);
            var other = Volatile.Read(ref place.Tag);
            if (Snapshot.SliceOf(other) > Snapshot.SliceOf(tag))
            {
                (start, tag) = (place, other);
            }
        }

        if (Snapshot.SliceOf(tag) < 0)
        {
            return;
        }

        TI.Point(Header);
        copy.Total = start.Header.Total;
        copy.Total += LiveCounts<TI>.Copy(_stripes.Live, _stripes.Used, start.Counts, copy.Place);
        Volatile.ReadBarrier();
        TI.Point(CheckTag);
        copy.IsWhole = start == copy.Place || start.Tag == tag;
    }

    /// <summary>Gives the place back with what was copied.</summary>
    internal void End(in SnapshotCopy copy, SnapshotHeader header, bool isLate)
    {
        copy.Place.Header = header with { Total = copy.Total };
        TI.Point(ReleaseTag);
        Volatile.Write(ref copy.Place.Tag, !copy.IsWhole ? Snapshot.Empty : isLate ? Snapshot.LateTag(copy.Slice) : copy.Slice);
        if (copy.IsWhole)
        {
            Raise(copy.Total);
        }
    }

    private void Raise(ulong total)
    {
        TI.Point(Header);
        for (var seen = Volatile.Read(ref _total); seen < total;)
        {
            TI.Point(Header);
            var now = Interlocked.CompareExchange(ref _total, total, seen);
            if (now == seen)
            {
                return;
            }

            seen = now;
        }
    }
}
