using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The calls of the last so many slices of time. Calls are counted a thread by itself, failures and slow calls by one shared add whose
/// returned value is judged. All counts run free: what the window holds is the difference to what was counted when its first slice
/// began, so that nothing is ever reset. Calls may lag by one report a running thread. Its word is the end of a slice that has its credit: until
/// then, and while the window holds no failure, a success is not counted.
/// </summary>
internal partial struct TimeWindow<TI> : IWindow
    where TI : struct, IInterleaving
{
    private const long MostBetweenLooks = 1_024;
    private readonly long _sliceTicks;
    private readonly int _slices;
    private readonly long _least;
    private readonly StripedCounter<TI> _calls;

    // After so many calls without a failure in the window a slice has its credit; looked at each time a thread has counted so many, less one,
    // a power of two.
    private readonly long _credit;
    private readonly long _creditMask;

    // Whether the word may be compared with the system's tick; negated if not.
    private readonly bool _onTick;

    // The counts at the start of a slice. One more than the window has slices, so that claiming the newest leaves the oldest readable.
    private readonly Slice[] _starts;

    // When the current slice ends. Moves forward only.
    private long _sliceEnd;

    // Failures in the upper half, slow calls in the lower, both free-running; the carry between them cancels in a difference.
    private long _bad;

    // Whether a success may open the breaker, by bringing the calls to the least that count. Written with the evaluation that found it so;
    // a success that misses the write is seen by the next report.
    private bool _watching;

    internal TimeWindow(TimeSpan duration, int slices, int? credit, long least, long now, StripedCounter<TI> calls, bool onTick)
    {
        _sliceTicks = Math.Max(1, duration.Ticks / slices);
        _slices = slices;
        _least = least;
        _calls = calls;
        _onTick = onTick;

        // With at least the calls that a ratio needs, a credited slice cannot keep the breaker closed.
        _credit = credit is { } given ? Math.Max(given, least) : long.MaxValue;
        _creditMask = credit is null ? long.MaxValue : (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Min(_credit, MostBetweenLooks)) - 1;
        _starts = new Slice[BitOperations.RoundUpToPowerOf2((uint)slices + 1)];
        Roll(now);
    }

    public static bool IsTimed => true;

    public readonly long FirstWord => 0;

    public readonly long OneMissing => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Record(ref long word, bool failed, bool slow, long now, out Tally tally)
    {
        if (failed || slow || now >= Volatile.Read(ref _sliceEnd) || Volatile.Read(ref _watching))
        {
            return RecordAndJudge(ref word, failed, slow, now, out tally);
        }

        if ((_calls.Increment(0) & _creditMask) == 0)
        {
            GiveCredit(ref word, now);
        }

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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RecordAndJudge(ref long word, bool failed, bool slow, long now, out Tally tally)
    {
        if (now >= Volatile.Read(ref _sliceEnd))
        {
            Roll(now);
        }

        _calls.Increment(0);
        TI.Point(40);
        var bad = failed || slow ? AddBad(ref word, failed, slow) : Volatile.Read(ref _bad);

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

    // The add is a full fence between the count and the look at the word, as the exchange in GiveCredit is between the word and the look at the
    // count: of a failure and a credit at once, one sees the other and takes the credit back.
    private long AddBad(ref long word, bool failed, bool slow)
    {
        var bad = Interlocked.Add(ref _bad, (failed ? 1L << 32 : 0) + (slow ? 1 : 0));
        TI.Point(35);
        if (Volatile.Read(ref word) != 0)
        {
            TI.Point(36);
            Volatile.Write(ref word, 0);
        }

        return bad;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void GiveCredit(ref long word, long now)
    {
        var tag = (now / _sliceTicks) + 1;
        var bad = Volatile.Read(in _bad);
        if (!TryStart(tag, tag, out var slice) || _calls.Sum(0) - slice.Calls < _credit
            || !TryStart(tag - _slices + 1, tag, out var first) || first.Bad != bad)
        {
            return;
        }

        TI.Point(37);
        Interlocked.Exchange(ref word, _onTick ? tag * _sliceTicks : -tag * _sliceTicks);
        TI.Point(38);
        if (Volatile.Read(in _bad) != bad)
        {
            TI.Point(39);
            Volatile.Write(ref word, 0);
        }
    }

    private readonly Tally Since(in Slice start, long bad)
    {
        var delta = bad - start.Bad;
        return new Tally(_calls.Sum(0) - start.Calls, delta >>> 32, (uint)delta);
    }
}
