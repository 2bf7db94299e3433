using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Fires deadlines, all of one clock's, from one timer. Arming writes one word and its copy; nothing is queued and nothing is sorted: a
/// sweep looks at every place in use and sets the timer to the nearest word. The timer is stopped while nothing is armed.
/// </summary>
/// <remarks>
/// Safe for concurrent use; arming and disarming allocate nothing. The timer holds the sweeper weakly. See the folder's README for the
/// races and why they are safe.
/// </remarks>
/// <typeparam name="TI">How accesses are ordered; <see cref="Production"/> outside of tests.</typeparam>
internal sealed class Sweeper<TI>
    where TI : struct, IInterleaving
{
    /// <summary>How late a sweep may be before the deadlines it finds are taken for a standstill of the machine, in ticks.</summary>
    internal const long LateTicks = 2 * TimeSpan.TicksPerSecond;
    private const long Idle = long.MaxValue;
    private const long AtOnce = 2;
    private readonly Clock _clock;
    private readonly Lock _growth = new();
    private readonly ITimer _timer;
    private SweeperChunk<TI>[] _chunks = [];
    private long _wakeCoarse = Idle;
    private long _wakeFine = Idle;

    internal Sweeper(Clock clock)
    {
        _clock = clock;

        // The timer must not keep the ambient state of whoever armed the first deadline.
        var flows = !ExecutionContext.IsFlowSuppressed();
        var flow = flows ? ExecutionContext.SuppressFlow() : default;
        try
        {
            _timer = clock.Provider.CreateTimer(
                static state => Wake((WeakReference<Sweeper<TI>>)state!),
                new WeakReference<Sweeper<TI>>(this),
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }
        finally
        {
            if (flows)
            {
                flow.Undo();
            }
        }
    }

    internal int Places => Volatile.Read(ref _chunks).Length * SweeperChunk<TI>.Size;

    /// <summary>How many places are in use, by items armed or not.</summary>
    internal int Taken => Volatile.Read(ref _chunks).Sum(chunk => BitOperations.PopCount(chunk.Taken));

    /// <summary>How many items are armed.</summary>
    internal int Armed => Volatile.Read(ref _chunks).Sum(chunk => chunk.Words.Count(word => word != 0));

    internal bool IsIdle => Volatile.Read(ref _wakeCoarse) == Idle && Volatile.Read(ref _wakeFine) == Idle;

    /// <summary>Finds a place for an item.</summary>
    internal (SweeperChunk<TI> Chunk, int Index) Take(DeadlineItem<TI> item)
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
                    Volatile.Write(ref _chunks, [.. chunks, new SweeperChunk<TI>()]);
                }
            }
        }
    }

    /// <summary>Called after a word was written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EnsureWakesBy(long word)
    {
        ref var wakeAt = ref Clock.IsFine(word) ? ref _wakeFine : ref _wakeCoarse;
        TI.Point(10);
        if (word < Volatile.Read(ref wakeAt) && Lower(ref wakeAt, word))
        {
            SetTimer();
        }
    }

    internal void Sweep()
    {
        TI.Point(11);
        Interlocked.Exchange(ref _wakeCoarse, Idle);
        TI.Point(12);
        Interlocked.Exchange(ref _wakeFine, Idle);

        // Between "no wake is set" and reading the words a full fence, on the processors of those who arm, too: see DeadlineItem.Arm.
        Interlocked.MemoryBarrierProcessWide();

        // Under a manual clock foreign code runs within the sweep. If it throws, the rest is swept when the clock moves next.
        var (nearestCoarse, nearestFine) = (AtOnce, Idle);
        try
        {
            (nearestCoarse, nearestFine) = FireDue(_clock.Coarse, _clock.Fine);
        }
        finally
        {
            if (Lower(ref _wakeCoarse, nearestCoarse) | Lower(ref _wakeFine, nearestFine))
            {
                SetTimer();
            }
        }
    }

    // Lock-free minimum; true when this call lowered the value.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Lower(ref long wakeAt, long word)
    {
        TI.Point(13);
        var current = Volatile.Read(ref wakeAt);
        while (word < current)
        {
            TI.Point(14);
            var seen = Interlocked.CompareExchange(ref wakeAt, word, current);
            if (seen == current)
            {
                return true;
            }

            current = seen;
        }

        return false;
    }

    private static void Wake(WeakReference<Sweeper<TI>> reference)
    {
        if (reference.TryGetTarget(out var sweeper))
        {
            sweeper.Sweep();
        }
    }

    // A place that is taken after the set was read is armed after the wakes were reset: its owner sets the timer.
    private (long NearestCoarse, long NearestFine) FireDue(long coarse, long fine)
    {
        var nearestCoarse = Idle;
        var nearestFine = Idle;
        foreach (var chunk in Volatile.Read(ref _chunks))
        {
            for (var places = chunk.Taken; places != 0; places &= places - 1)
            {
                var index = SweeperChunk<TI>.PlaceOf(places);
                TI.Point(15);
                var word = Volatile.Read(ref chunk.Words[index]);
                var isFine = Clock.IsFine(word);
                var overdue = (isFine ? fine : coarse) - word;
                if (word == 0)
                {
                    continue;
                }

                if (overdue < 0)
                {
                    ref var nearest = ref isFine ? ref nearestFine : ref nearestCoarse;
                    nearest = Math.Min(nearest, word);
                }
                else if (chunk.ItemAt(index) is { } item && item.TryClaim(word, overdue > LateTicks))
                {
                    // The place is still the item's, and nobody else's to write, until OnDue.
                    TI.Point(16);
                    Volatile.Write(ref chunk.Words[index], 0);
                    Fire(item);
                }
            }
        }

        return (nearestCoarse, nearestFine);
    }

    private void Fire(DeadlineItem<TI> item)
    {
        if (_clock.RunsInline)
        {
            item.OnDue();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        }
    }

    // Setters may overtake each other between lowering a wake and setting the timer; each looks again, so the last one sets it right.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SetTimer()
    {
        long coarse;
        long fine;
        do
        {
            TI.Point(17);
            coarse = Volatile.Read(ref _wakeCoarse);
            fine = Volatile.Read(ref _wakeFine);
            TI.Point(18);
            _timer.Change(_clock.TimerDueIn(coarse, fine), Timeout.InfiniteTimeSpan);
            TI.Point(19);
        }
        while (coarse != Volatile.Read(ref _wakeCoarse) || fine != Volatile.Read(ref _wakeFine));
    }
}
