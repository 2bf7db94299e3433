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

    // Asking for a lane costs a look at every holder: lost in so many interlocked increments.
    private const uint RecordsBetweenClaims = 4096;

    private readonly uint[] _shared;
    private readonly uint[]?[] _owned;
    private uint[][] _live;

    /// <summary>One shared stripe and room for <paramref name="owned"/> owned ones.</summary>
    internal Stripes(int length, int owned)
    {
        _shared = new uint[length];
        _owned = new uint[owned][];
        _live = [_shared];
    }

    /// <summary>Every stripe that a record may be in. Whoever publishes a copy made of these releases them too, for whoever acquires it.</summary>
    internal uint[][] Live
    {
        get
        {
            TI.Point(ReadStripes);
            return Volatile.Read(ref _live);
        }
    }

    /// <summary>What the counts take.</summary>
    internal long SizeInBytes => (long)Volatile.Read(ref _live).Length * _shared.Length * sizeof(uint);

    /// <summary>Counts once; <paramref name="lane"/> is <see cref="Lanes.Current"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(int lane, int index)
    {
        var owned = _owned;
        if ((uint)lane < (uint)owned.Length && owned[lane] is { } counts)
        {
            // Plain: nobody else writes this array, and readers take each count whole, now or later.
            TI.Point(AddOwned);
            counts[index]++;
            return;
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

    /// <summary>Counts once on the shared stripe, for who owns no other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AddToShared(int index)
    {
        TI.Point(AddShared);
        Interlocked.Increment(ref _shared[index]);
    }

    /// <summary>Counts several times.</summary>
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
        lane = lane == Lanes.NotAsked ? Lanes.Ask() : lane;
        if ((uint)lane >= (uint)_owned.Length)
        {
            TI.Point(AddShared);
            Interlocked.Add(ref _shared[index], times);
            return;
        }

        // The stripe is among the live ones before its first count, or a window could miss a record that was made before it.
        var counts = _owned[lane] ?? Grow(lane);
        TI.Point(AddOwned);
        counts[index] = unchecked(counts[index] + times);
    }

    private uint[] Grow(int lane)
    {
        var counts = new uint[_shared.Length];
        uint[][] seen;
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
