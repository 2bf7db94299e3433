using System.Numerics;

namespace Resilience;

/// <summary>
/// A count window in one word: a shift register below a sentinel bit, whose position gives the length. One bit an outcome up to 63,
/// two (slow, failed) up to 31. One compare-exchange an update; linearizable. The word is kept XOR its full and clean value,
/// so that zero means full and clean.
/// </summary>
internal struct WordWindow<TI> : IWindow
    where TI : struct, IInterleaving
{
    private const ulong FailedBits = 0x5555_5555_5555_5555;
    private readonly ulong _clean;
    private readonly int _width;

    internal WordWindow(int size, bool countsSlow)
    {
        _width = countsSlow ? 2 : 1;
        _clean = 1UL << (size * _width);
    }

    public static bool IsTimed => false;

    public readonly long FirstWord => (long)(1 ^ _clean);

    public readonly long OneMissing => (long)((_clean >> _width) ^ _clean);

    public readonly bool Record(ref long word, bool failed, bool slow, long now, out Tally tally)
    {
        var code = (failed ? 1UL : 0) | (slow && _width == 2 ? 2UL : 0);
        while (true)
        {
            TI.Point(10);
            var seen = Volatile.Read(ref word);
            var outcomes = (ulong)seen ^ _clean;
            var next = (outcomes << _width) | code;
            if (outcomes >= _clean)
            {
                next = (next & (_clean - 1)) | _clean;
            }

            if (next == outcomes)
            {
                tally = default;
                return false;
            }

            TI.Point(11);
            if (Interlocked.CompareExchange(ref word, (long)(next ^ _clean), seen) == seen)
            {
                tally = Count(next);
                return true;
            }
        }
    }

    public readonly Tally Read(ref long word, long now, out long covered)
    {
        covered = 0;
        return Count((ulong)Volatile.Read(ref word) ^ _clean);
    }

    public readonly int Export(ref long word, Span<byte> outcomes)
    {
        var seen = (ulong)Volatile.Read(ref word) ^ _clean;
        var count = BitOperations.Log2(seen) / _width;
        for (var i = 0; i < count; i++)
        {
            outcomes[i] = (byte)((seen >> ((count - 1 - i) * _width)) & (_width == 2 ? 3UL : 1));
        }

        return count;
    }

    public readonly void Inherit(IWindow old, long now)
    {
    }

    private readonly Tally Count(ulong outcomes)
    {
        var sentinel = BitOperations.Log2(outcomes);
        var bits = outcomes ^ (1UL << sentinel);
        return _width == 1
            ? new Tally(sentinel, BitOperations.PopCount(bits), 0)
            : new Tally(sentinel >> 1, BitOperations.PopCount(bits & FailedBits), BitOperations.PopCount(bits & ~FailedBits));
    }
}
