using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Something that falls due. Its armed word is the deadline itself (zero: disarmed) and is its own: whoever swaps the very value he read
/// has claimed that very arming, whoever holds the place in the table by then. The table's word is a copy that tells the sweep where to look.
/// </summary>
/// <typeparam name="TI">How accesses are ordered; <see cref="Production"/> outside of tests.</typeparam>
internal abstract class DeadlineItem<TI> : IThreadPoolWorkItem
    where TI : struct, IInterleaving
{
    private const long Disarmed = 0;
    private const long ClaimedLate = -1;
    private readonly Sweeper<TI> _sweeper;
    private readonly SweeperChunk<TI> _chunk;
    private readonly int _index;
    private long _armed;

    protected DeadlineItem(Sweeper<TI> sweeper)
    {
        _sweeper = sweeper;
        (_chunk, _index) = sweeper.Take(this);
    }

    /// <summary>
    /// Whether the item was claimed long after its deadline: the machine or the process stood still. Exact for who failed to disarm it,
    /// and from <see cref="OnDue"/> on: the claim itself says so.
    /// </summary>
    internal bool WasLate => Volatile.Read(ref _armed) == ClaimedLate;

    /// <summary>Arms the item, which must not be armed.</summary>
    /// <param name="word">A <see cref="Clock.Word"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Arm(long word)
    {
        Debug.Assert(word > 0 && _armed <= Disarmed, "Zero and below are no deadlines, and one arming must end before the next.");
        TI.Point(1);
        _chunk.Words[_index] = word;
        TI.Point(2);

        // It also publishes the copy above, which the sweep trusts only after claiming this word.
        Volatile.Write(ref _armed, word);

        // Between writing the words and reading the wake this side needs the order of the program only, which the barrier keeps the compiler
        // from changing; the sweep has the fence for both, on all processors. Either it sees the words, or this thread that it will wake too late.
        Volatile.ReadBarrier();
        _sweeper.EnsureWakesBy(word);
    }

    /// <summary>Disarms the item; false when it has been claimed, so that <see cref="OnDue"/> has run, runs or will run.</summary>
    /// <param name="word">What it was armed with.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryDisarm(long word)
    {
        TI.Point(3);
        if (Interlocked.CompareExchange(ref _armed, Disarmed, word) != word)
        {
            return false;
        }

        TI.Point(4);
        Volatile.Write(ref _chunk.Words[_index], 0);
        return true;
    }

    /// <summary>Takes an arming away from its owner. Who succeeds clears the table's copy and then calls <see cref="OnDue"/>.</summary>
    internal bool TryClaim(long word, bool late)
    {
        TI.Point(5);
        return Interlocked.CompareExchange(ref _armed, late ? ClaimedLate : Disarmed, word) == word;
    }

    /// <summary>
    /// Gives the place in the table back; the item can be armed no more. Only for who disarmed it, or from <see cref="OnDue"/> on: between
    /// a claim and OnDue the sweep still clears the place.
    /// </summary>
    internal void LeaveTable() => _chunk.Free(_index);

    void IThreadPoolWorkItem.Execute() => OnDue();

    /// <summary>Runs once for a claimed arming: on the thread pool, or on the thread that moves a manual clock.</summary>
    protected internal abstract void OnDue();
}
