using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Something that falls due. Its armed word lives in the sweeper's table and is the deadline itself (zero: disarmed), so that whoever
/// swaps the very value he read has claimed that very arming: reuse of an item cannot fire a stranger.
/// </summary>
internal abstract class DeadlineItem : IThreadPoolWorkItem
{
    private readonly Sweeper _sweeper;
    private readonly SweeperChunk _chunk;
    private readonly int _index;

    protected DeadlineItem(Sweeper sweeper)
    {
        _sweeper = sweeper;
        (_chunk, _index) = sweeper.Claim(this);
    }

    /// <summary>Whether the item fell due long ago: the machine or the process stood still.</summary>
    internal bool WasLate { get; set; }

    /// <summary>Arms the item.</summary>
    /// <param name="deadline">A <see cref="Sweeper.Word"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Arm(long deadline)
    {
        // A full fence: either the sweep sees the word, or this thread sees that the sweep will wake too late.
        Interlocked.Exchange(ref _chunk.Words[_index], deadline);
        _sweeper.EnsureWakesBy(deadline);
    }

    /// <summary>Disarms the item; false when it has been claimed, so that <see cref="OnDue"/> has run, runs or will run.</summary>
    /// <param name="deadline">What it was armed with.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryDisarm(long deadline) => _chunk.TryClaim(_index, deadline);

    /// <summary>
    /// Gives the place in the table back; the item can be armed no more. Only for who disarmed it, or from <see cref="OnDue"/> on: between
    /// a claim and OnDue the sweeper still reads the place.
    /// </summary>
    internal void LeaveTable() => _chunk.Free(_index);

    void IThreadPoolWorkItem.Execute() => OnDue();

    /// <summary>Runs once for a claimed arming: on the thread pool, or on the thread that moves a manual clock.</summary>
    protected internal abstract void OnDue();
}
