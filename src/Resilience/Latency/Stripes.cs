using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Free-running counts: one array for each lane, made when its holder first records and written by it alone, and one that all other threads
/// share through interlocked increments. Counts are never cleared and outlive the threads that made them.
/// </summary>
/// <typeparam name="TI">The interleaving.</typeparam>
internal sealed class Stripes<TI>
    where TI : struct, IInterleaving
{
    /// <summary>The site of an owner's increment.</summary>
    internal const int AddOwned = 10;

    /// <summary>The site of an increment of the shared stripe.</summary>
    internal const int AddShared = 11;

    /// <summary>The site of publishing a new stripe.</summary>
    internal const int Publish = 12;

    /// <summary>The site of a read of the list of stripes.</summary>
    internal const int ReadStripes = 13;

    /// <summary>The site of a read of the blocks in use.</summary>
    internal const int ReadUsed = 14;

    /// <summary>The site of taking a block into use.</summary>
    internal const int Widen = 15;

    // Asking for a lane costs a look at every holder: lost in so many interlocked increments.
    private const uint RecordsBetweenClaims = 4096;

    private readonly AlignedCounts _shared;
    private readonly AlignedCounts[] _owned;
    private AlignedCounts[] _live;
    private int _used = BlockRange.None.Word;

    /// <summary>One shared stripe and room for <paramref name="owned"/> owned ones.</summary>
    internal Stripes(int length, int owned)
    {
        _shared = new AlignedCounts(length);
        _owned = new AlignedCounts[owned];
        _live = [_shared];
    }

    /// <summary>Every stripe that a record may be in. Whoever publishes a copy made of these releases them too, for whoever acquires it.</summary>
    internal AlignedCounts[] Live
    {
        get
        {
            TI.Point(ReadStripes);
            return Volatile.Read(ref _live);
        }
    }

    /// <summary>The blocks that may hold records. Read after a tag it has all that the copy behind the tag had.</summary>
    internal BlockRange Used
    {
        get
        {
            TI.Point(ReadUsed);
            return new BlockRange(Volatile.Read(ref _used));
        }
    }

    /// <summary>The stripe of all threads that own none.</summary>
    internal AlignedCounts Shared => _shared;

    /// <summary>The blocks in use as they are kept, for tests that spoil them.</summary>
    internal ref int UsedWord => ref _used;

    /// <summary>What the counts take.</summary>
    internal long SizeInBytes => (long)Volatile.Read(ref _live).Length * (_shared.Length + AlignedCounts.Slack) * sizeof(uint);

    /// <summary>Takes the block of <paramref name="index"/> into use: before its first count, or a window could miss a record that was made before it.</summary>
    /// <returns>The blocks in use.</returns>
    internal BlockRange Use(int index)
    {
        while (true)
        {
            var seen = new BlockRange(Volatile.Read(ref _used));
            var wider = seen.With(index / Buckets.PerOctave);
            TI.Point(Widen);
            if (wider.Word == seen.Word || Interlocked.CompareExchange(ref _used, wider.Word, seen.Word) == seen.Word)
            {
                return wider;
            }
        }
    }

    /// <summary>Counts once, in a block in use; <paramref name="lane"/> is <see cref="Lanes.Current"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(int lane, int index)
    {
        var owned = _owned;
        if ((uint)lane < (uint)owned.Length)
        {
            ref readonly var counts = ref owned[lane];
            if (counts.Exist)
            {
                // Plain: nobody else writes these, and readers take each count whole, now or later.
                TI.Point(AddOwned);
                counts[index]++;
                return;
            }
        }

        if ((uint)lane < (uint)owned.Length || lane == Lanes.NotAsked)
        {
            AddFirst(lane, index, 1);
            return;
        }

        TI.Point(AddShared);
        var count = Interlocked.Increment(ref _shared[index]);
        if (lane == Lanes.None && count % RecordsBetweenClaims == 0)
        {
            Lanes.Ask();
        }
    }

    /// <summary>Counts several times, in a block in use.</summary>
    internal void Add(int lane, int index, uint times)
    {
        if ((uint)lane < (uint)_owned.Length || lane == Lanes.NotAsked)
        {
            AddFirst(lane, index, times);
            return;
        }

        TI.Point(AddShared);
        Interlocked.Add(ref _shared[index], times);
    }

    // For a thread that may be given a lane, or whose lane has no stripe here yet.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddFirst(int lane, int index, uint times)
    {
        lane = lane == Lanes.NotAsked && _owned.Length != 0 ? Lanes.Ask() : lane;
        if ((uint)lane >= (uint)_owned.Length)
        {
            TI.Point(AddShared);
            Interlocked.Add(ref _shared[index], times);
            return;
        }

        // The stripe is among the live ones before its first count, or a window could miss a record that was made before it.
        var counts = _owned[lane] is { Exist: true } own ? own : Grow(lane);
        TI.Point(AddOwned);
        ref var count = ref counts[index];
        count = unchecked(count + times);
    }

    private AlignedCounts Grow(int lane)
    {
        var counts = new AlignedCounts(_shared.Length);
        AlignedCounts[] seen;
        do
        {
            TI.Point(Publish);
            seen = Volatile.Read(ref _live);
        }
        while (Interlocked.CompareExchange(ref _live, [.. seen, counts], seen) != seen);

        // Read by whoever holds the lane: this thread, or a later one that has joined it.
        _owned[lane] = counts;
        return counts;
    }
}
