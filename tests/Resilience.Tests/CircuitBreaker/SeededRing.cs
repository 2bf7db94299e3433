using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>A ring window, an outcome a cell for plainness, with one known bug.</summary>
internal struct SeededRing(int size, SeededRing.Bug bug) : IWindow
{
    private readonly int[] _cells = new int[size];
    private long _cursor;

    internal enum Bug
    {
        None,
        ReadsThenWritesTheBit,
        CountsBeforeItExchanges,
        ForgetsToCountEqualBitsWhileFilling,
        DecodesUnsigned,
    }

    public static bool IsTimed => false;

    public readonly long FirstWord => size;

    public readonly long OneMissing => 1;

    public bool Record(ref long word, bool failed, bool slow, long now, out Tally tally)
    {
        Explored.Point(1);
        var ticket = Interlocked.Increment(ref _cursor) - 1;
        var bit = failed ? 1 : 0;
        ref var cell = ref _cells[ticket % size];
        Explored.Point(3);
        int old;
        if (bug is Bug.ReadsThenWritesTheBit or Bug.CountsBeforeItExchanges)
        {
            old = Volatile.Read(ref cell);
            if (bug == Bug.CountsBeforeItExchanges)
            {
                Interlocked.Add(ref word, (long)(bit - old) << 42);
            }

            Explored.Point(4);
            Volatile.Write(ref cell, bit);
        }
        else
        {
            old = Interlocked.Exchange(ref cell, bit);
        }

        var delta = bug == Bug.CountsBeforeItExchanges ? 0 : (long)(bit - old) << 42;
        delta -= ticket < size && (bug != Bug.ForgetsToCountEqualBitsWhileFilling || bit != old) ? 1 : 0;
        Explored.Point(5);
        tally = Decode(Interlocked.Add(ref word, delta));
        return true;
    }

    public readonly Tally Read(ref long word, long now, out long covered)
    {
        covered = 0;
        return Decode(Volatile.Read(ref word));
    }

    public readonly Tally CountCells() => new(0, _cells.Sum(), 0);

    public readonly int Export(ref long word, Span<byte> outcomes) => 0;

    public readonly void Inherit(IWindow old, long now)
    {
    }

    private readonly Tally Decode(long word)
    {
        var missing = (word << 43) >> 43;
        word -= missing;
        return new Tally(size - missing, bug == Bug.DecodesUnsigned ? word >>> 42 : word >> 42, 0);
    }
}
