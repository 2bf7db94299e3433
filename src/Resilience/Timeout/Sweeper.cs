using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Fires deadlines, all of one clock's, from one timer. Arming writes one word; nothing is queued and nothing is sorted: a sweep looks
/// at every word, at most once a granule, and sets the timer to the nearest. The timer is stopped while nothing is armed.
/// </summary>
/// <remarks>
/// Safe for concurrent use; arming and disarming allocate nothing. The timer holds the sweeper weakly. See the folder's README for the
/// races and why they are safe.
/// </remarks>
internal sealed class Sweeper
{
    /// <summary>How late a sweep may be before the deadlines it finds are taken for a standstill of the machine, in ticks.</summary>
    internal const long LateTicks = 2 * TimeSpan.TicksPerSecond;
    private const long Idle = long.MaxValue;
    private const long MaxTimerTicks = int.MaxValue * TimeSpan.TicksPerMillisecond;
    private readonly Clock _clock;
    private readonly Lock _growth = new();
    private readonly ITimer _timer;
    private SweeperChunk[] _chunks = [];
    private long _wakeCoarse = Idle;
    private long _wakeFine = Idle;

    internal Sweeper(Clock clock)
    {
        _clock = clock;
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _timer = clock.Provider.CreateTimer(
                static state => Wake((WeakReference<Sweeper>)state!),
                new WeakReference<Sweeper>(this),
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }
    }

    internal int Places => Volatile.Read(ref _chunks).Length * SweeperChunk.Size;

    internal bool IsIdle => Volatile.Read(ref _wakeCoarse) == Idle && Volatile.Read(ref _wakeFine) == Idle;

    /// <summary>A deadline as the table keeps it: the lowest bit says which of the two scales of the clock it is on.</summary>
    internal static long Word(long deadline, bool fine) => fine ? deadline | 1 : (deadline + 1) & ~1L;

    internal (SweeperChunk Chunk, int Index) Claim(DeadlineItem item)
    {
        while (true)
        {
            var chunks = Volatile.Read(ref _chunks);
            foreach (var chunk in chunks)
            {
                if (chunk.TryTake(item, out var index))
                {
                    return (chunk, index);
                }
            }

            lock (_growth)
            {
                if (_chunks == chunks)
                {
                    Volatile.Write(ref _chunks, [.. chunks, new SweeperChunk()]);
                }
            }
        }
    }

    /// <summary>Called after a word was written with a full fence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EnsureWakesBy(long word)
    {
        ref var wakeAt = ref WakeOf(word);
        if (word < Volatile.Read(ref wakeAt) && Lower(ref wakeAt, word))
        {
            SetTimer();
        }
    }

    internal void Sweep()
    {
        // Full fences between "no wake is set" and reading the words; see DeadlineItem.Arm.
        Interlocked.Exchange(ref _wakeCoarse, Idle);
        Interlocked.Exchange(ref _wakeFine, Idle);
        var fine = _clock.Fine;
        var coarse = _clock.Coarse;
        var nearestCoarse = Idle;
        var nearestFine = Idle;
        foreach (var chunk in Volatile.Read(ref _chunks))
        {
            for (var i = 0; i < SweeperChunk.Size; i++)
            {
                var word = Volatile.Read(ref chunk.Words[i]);
                if (word == 0)
                {
                    continue;
                }

                var now = IsFine(word) ? fine : coarse;
                if (word > now)
                {
                    ref var nearest = ref IsFine(word) ? ref nearestFine : ref nearestCoarse;
                    nearest = Math.Min(nearest, word);
                }
                else if (chunk.TryClaim(i, word))
                {
                    Fire(chunk.ItemAt(i), now - word);
                }
            }
        }

        if (Lower(ref _wakeCoarse, nearestCoarse) | Lower(ref _wakeFine, nearestFine))
        {
            SetTimer();
        }
    }

    private static bool IsFine(long word) => (word & 1) != 0;

    // Lock-free minimum; true when this call lowered the value.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Lower(ref long wakeAt, long word)
    {
        var current = Volatile.Read(ref wakeAt);
        while (word < current)
        {
            var seen = Interlocked.CompareExchange(ref wakeAt, word, current);
            if (seen == current)
            {
                return true;
            }

            current = seen;
        }

        return false;
    }

    private static void Wake(WeakReference<Sweeper> reference)
    {
        if (reference.TryGetTarget(out var sweeper))
        {
            sweeper.Sweep();
        }
    }

    private void Fire(DeadlineItem item, long overdue)
    {
        item.WasLate = overdue > LateTicks;
        if (_clock.RunsInline)
        {
            item.OnDue();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        }
    }

    private ref long WakeOf(long word) => ref IsFine(word) ? ref _wakeFine : ref _wakeCoarse;

    // Setters may overtake each other between lowering a wake and setting the timer; each looks again, so the last one sets it right.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SetTimer()
    {
        long coarse;
        long fine;
        do
        {
            coarse = Volatile.Read(ref _wakeCoarse);
            fine = Volatile.Read(ref _wakeFine);
            _timer.Change(DueIn(coarse, fine), Timeout.InfiniteTimeSpan);
        }
        while (coarse != Volatile.Read(ref _wakeCoarse) || fine != Volatile.Read(ref _wakeFine));
    }

    private TimeSpan DueIn(long coarse, long fine)
    {
        var ticks = Math.Min(
            coarse == Idle ? Idle : Math.Max(0, coarse - _clock.Coarse),
            fine == Idle ? Idle : Math.Max(0, fine - _clock.Fine));
        if (ticks == Idle)
        {
            return Timeout.InfiniteTimeSpan;
        }

        // The system's timer counts whole milliseconds: rounded down, it would wake early and spin.
        const long Millisecond = TimeSpan.TicksPerMillisecond;
        ticks = _clock.HasTwoScales ? (ticks + Millisecond - 1) / Millisecond * Millisecond : ticks;
        return new TimeSpan(Math.Min(ticks, MaxTimerTicks));
    }
}
