using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Up to eight monotone counters, kept in one cache line a thread: a thread adds to its own with a plain store, threads beyond the
/// lines share the last one by interlocked adds. A sum is exact when nobody adds and may miss one addition a running thread.
/// </summary>
internal sealed class StripedCounter<TI>
    where TI : struct, IInterleaving
{
    private const int Stride = 8;
    private static readonly int s_lines = (int)Math.Min(64, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, 2 * Environment.ProcessorCount)));
    private readonly int _owned;

    // One line of padding in front, for the array's length is read by all; then the owned lines; then the shared one.
    private readonly long[] _cells;

    internal StripedCounter()
        : this(s_lines)
    {
    }

    internal StripedCounter(int owned)
    {
        _owned = owned;
        _cells = new long[(owned + 2) * Stride];
    }

    /// <returns>What stands in the line afterwards: the running thread's own count, where it has a line.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Increment(int column)
    {
        var line = ThreadSlot.Known;
        return (uint)(line - 1) < (uint)_owned ? IncrementOwned(line, column) : IncrementElsewhere(column);
    }

    internal long Sum(int column)
    {
        var sum = 0L;
        for (var i = Stride + column; i < _cells.Length; i += Stride)
        {
            TI.Point(31);
            sum += Volatile.Read(ref _cells[i]);
        }

        return sum;
    }

    /// <summary>Adds from any thread.</summary>
    internal long Share(int column, long count)
    {
        TI.Point(32);
        return Interlocked.Add(ref _cells[((_owned + 1) * Stride) + column], count);
    }

    // Only this thread writes the cell; a 32-bit runtime needs the volatile forms to keep readers from seeing half a value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long IncrementOwned(int line, int column)
    {
        ref var cell = ref _cells[(line * Stride) + column];
        TI.Point(30);
        var value = Volatile.Read(ref cell) + 1;
        TI.Point(33);
        Volatile.Write(ref cell, value);
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long IncrementElsewhere(int column)
    {
        var line = ThreadSlot.Current;
        return line <= _owned ? IncrementOwned(line, column) : Share(column, 1);
    }
}
