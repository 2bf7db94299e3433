using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Counts of the last slices of time. Requirements: a record is one increment and is never lost or counted twice, whoever turns the slice and
/// however long that takes; a reading is live counts minus one snapshot, says which interval it covers, and waits for nobody.
/// </summary>
/// <typeparam name="TI">The interleaving.</typeparam>
internal sealed class SlidingCounts<TI>
    where TI : struct, IInterleaving
{
    /// <summary>The site of a read of the next boundary.</summary>
    internal const int ReadBoundary = 1;

    /// <summary>The site of becoming the one who turns the slice.</summary>
    internal const int MoveBoundary = 2;

    /// <summary>The site of a read of the next boundary on the coarse scale.</summary>
    internal const int ReadCoarse = 8;

    /// <summary>The site of writing it.</summary>
    internal const int MoveCoarse = 9;

    // Half of what the clock can say, so that the boundary after it does not overflow. Time stands still from there.
    private const long EndOfTime = long.MaxValue / 2;

    // In such slices a reading may tell the present by the coarse clock: `latency.query.5` pays for it. Longer ones could see the two clocks drift apart.
    private const long LeastCoarse = 1_000_000_000;
    private const long MostCoarse = 60 * LeastCoarse;

    private readonly Clock _clock;
    private readonly Stripes<TI> _stripes;
    private readonly SnapshotRing<TI> _ring;
    private readonly long _origin;
    private readonly long _slice;
    private readonly int _slices;

    // The one stripe, if no thread owns another: a load less for each record than to ask the stripes for it.
    private readonly AlignedCounts _only;
    private readonly bool _readsCoarsely;
    private long _next;

    // The boundary on the scale of the coarse clock, written after it; a late writer may leave an older one, by which the slice seems over.
    private long _nextCoarse;

    /// <summary>A window that begins now.</summary>
    /// <param name="clock">Decides when a slice ends; the readings that callers give only tell when to ask it.</param>
    /// <param name="slice">Nanoseconds a slice.</param>
    /// <param name="slices">Slices in the window.</param>
    /// <param name="length">Buckets: whole blocks.</param>
    /// <param name="stripes">The most stripes that threads own.</param>
    internal SlidingCounts(Clock clock, long slice, int slices, int length, int stripes)
    {
        _clock = clock;
        _slice = slice;
        _slices = slices;
        _readsCoarsely = slice is >= LeastCoarse and <= MostCoarse;
        var coarse = clock.Coarse;
        _origin = Math.Min(clock.Nanoseconds, EndOfTime);
        _next = _origin + slice;
        SetCoarse(coarse, _origin, _next);
        _stripes = new Stripes<TI>(length, stripes);
        _only = stripes == 0 ? _stripes.Shared : default;
        _ring = new SnapshotRing<TI>(_stripes, slices, length);
    }

    /// <summary>The stripes, for tests that fill them.</summary>
    internal Stripes<TI> Stripes => _stripes;

    /// <summary>The ring, for tests that look into it.</summary>
    internal SnapshotRing<TI> Ring => _ring;

    /// <summary>What the counts take.</summary>
    internal long SizeInBytes => _ring.SizeInBytes + _stripes.SizeInBytes;

    /// <summary>The boundary that ends the running slice, for tests that move it.</summary>
    internal ref long Next => ref _next;

    /// <summary>Takes the block of <paramref name="index"/> into use.</summary>
    /// <returns>The blocks in use.</returns>
    internal BlockRange Use(int index) => _stripes.Use(index);

    /// <summary>
    /// Counts once in a block that <see cref="Use"/> gave; looks the thread's lane up only where a lane matters, since that costs more than
    /// a shared count.
    /// </summary>
    /// <param name="index">The bucket.</param>
    /// <param name="now">A reading of the clock in nanoseconds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Record(int index, long now)
    {
        TI.Point(ReadBoundary);
        if (now >= Volatile.Read(ref _next))
        {
            TurnAndRecord(index);
        }
        else if (_only.Exist)
        {
            TI.Point(Stripes<TI>.AddShared);
            Interlocked.Increment(ref _only[index]);
        }
        else
        {
            _stripes.Add(Lanes.Current, index);
        }
    }

    /// <summary>Counts once, in any bucket.</summary>
    /// <param name="lane"><see cref="Lanes.Current"/> of this thread.</param>
    /// <param name="index">The bucket.</param>
    /// <param name="now">A reading of the clock in nanoseconds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Record(int lane, int index, long now)
    {
        _stripes.Use(index);
        TI.Point(ReadBoundary);
        if (now >= Volatile.Read(ref _next))
        {
            Turn();
        }

        _stripes.Add(lane, index);
    }

    /// <summary>Counts several times, in any bucket.</summary>
    internal void Record(int lane, int index, uint times, long now)
    {
        _stripes.Use(index);
        TI.Point(ReadBoundary);
        if (now >= Volatile.Read(ref _next))
        {
            Turn();
        }

        _stripes.Add(lane, index, times);
    }

    /// <summary>Asks for what was recorded in the running slice and the whole slices of the last <paramref name="over"/> nanoseconds.</summary>
    /// <param name="over">From one slice to the window.</param>
    /// <param name="query">What is asked.</param>
    internal Coverage Read<TQuery>(long over, ref TQuery query)
        where TQuery : struct, IWindowQuery, allows ref struct
    {
        var now = Present() - _origin;
        TI.Point(ReadBoundary);
        var newest = Running(Volatile.Read(ref _next));

        // The slice may have turned meanwhile, or the clock gone back: the time is not before the boundary that others have passed.
        now = Math.Max(now, newest * _slice);
        var oldest = Math.Max(0, newest - _slices + 1);
        var wanted = over >= _slice * _slices ? oldest : Math.Clamp((Math.Max(0, now - over) + _slice - 1) / _slice, oldest, newest);
        var known = _ring.Total;
        for (var slice = wanted; slice <= newest; slice++)
        {
            if (_ring.TryRead(slice, known, ref query, out var header))
            {
                // A missing snapshot before this one, and no turn between, means that nothing was recorded there.
                return new Coverage((header.Previous < wanted ? wanted : slice) * _slice, now, header.Copied, header.Blur);
            }
        }

        query.AnswerNothing();
        return default;
    }

    // Apart, so that a record keeps no register for the one in a slice that takes this way.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TurnAndRecord(int index)
    {
        Turn();
        _stripes.Add(Lanes.Current, index);
    }

    // A clock that goes back beyond where the window began stands there: no difference of two times overflows.
    private long Now() => Math.Clamp(_clock.Nanoseconds, _origin, EndOfTime);

    // The present, and the slice turned if it has ended; far from the boundary within the coarse clock's step.
    private long Present()
    {
        if (!_readsCoarsely)
        {
            return Turn();
        }

        // In this order: the boundary is then the one that the coarse one belongs to, for no later one has come.
        TI.Point(ReadCoarse);
        var left = Volatile.Read(ref _nextCoarse) - _clock.Coarse;
        TI.Point(ReadBoundary);
        return left > 2 * _clock.Granule ? Math.Max(_origin, Volatile.Read(ref _next) - (left * TimeSpan.NanosecondsPerTick)) : Turn();
    }

    // What comes between the readings of the two clocks, the coarse one first, makes the boundary seem nearer.
    private void SetCoarse(long coarse, long now, long next)
    {
        if (_readsCoarsely)
        {
            TI.Point(MoveCoarse);
            Volatile.Write(ref _nextCoarse, coarse + ((next - now) / TimeSpan.NanosecondsPerTick));
        }
    }

    private long Running(long next) => ((next - _origin) / _slice) - 1;

    // Moves the boundary past the present, and returns the present; whoever moves it copies the counts.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Turn()
    {
        var now = Now();
        while (true)
        {
            TI.Point(ReadBoundary);
            var next = Volatile.Read(ref _next);
            if (now < next)
            {
                return now;
            }

            // Nobody records in a slice before the boundary stands at its end: what the boundary leaps over, nothing was recorded in.
            var slice = (now - _origin) / _slice;
            var end = _origin + ((slice + 1) * _slice);
            TI.Point(MoveBoundary);
            if (Interlocked.CompareExchange(ref _next, end, next) == next)
            {
                SetCoarse(_clock.Coarse, Now(), end);
                Copy(slice, Running(next), now, end);
                return now;
            }
        }
    }

    private void Copy(long slice, long previous, long now, long end)
    {
        if (!_ring.TryBegin(slice, out var copy))
        {
            return;
        }

        _ring.Fill(ref copy);

        // Counts that were copied after the slice was over may hide records of the next: they only serve as the base of the next total. While
        // the boundary stands, nobody has recorded after it, whatever the clock says by now.
        var blur = Math.Min(Now(), end) - now;
        TI.Point(ReadBoundary);
        _ring.End(copy, new SnapshotHeader(previous, now - _origin, blur), isLate: Volatile.Read(ref _next) != end);
    }
}
