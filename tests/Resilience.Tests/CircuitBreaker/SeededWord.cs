using System.Numerics;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>A word window with one known bug.</summary>
internal readonly struct SeededWord(int size, SeededWord.Bug bug) : IWindow
{
    internal enum Bug
    {
        None,
        LostUpdate,
        OneTooLong,
        DecidesFromAReread,
        FullForgetsItsSentinel,
    }

    public static bool IsTimed => false;

    public long FirstWord => (long)(1 ^ Clean);

    public long OneMissing => 0;

    private ulong Clean => 1UL << (bug == Bug.OneTooLong ? size + 1 : size);

    public bool Record(ref long word, bool failed, bool slow, long now, out Tally tally)
    {
        while (true)
        {
            Explored.Point(1);
            var seen = Volatile.Read(ref word);
            var outcomes = (ulong)seen ^ Clean;
            var next = (outcomes << 1) | (failed ? 1UL : 0);
            if (outcomes >= Clean)
            {
                next = bug == Bug.FullForgetsItsSentinel ? next & (Clean - 1) : (next & (Clean - 1)) | Clean;
            }

            if (next == outcomes)
            {
                tally = default;
                return false;
            }

            Explored.Point(2);
            if (bug == Bug.LostUpdate)
            {
                Volatile.Write(ref word, (long)(next ^ Clean));
            }
            else if (Interlocked.CompareExchange(ref word, (long)(next ^ Clean), seen) != seen)
            {
                continue;
            }

            Explored.Point(3);
            tally = bug == Bug.DecidesFromAReread ? Read(ref word, 0, out _) : Count(next);
            return true;
        }
    }

    public Tally Read(ref long word, long now, out long covered)
    {
        covered = 0;
        return Count((ulong)Volatile.Read(ref word) ^ Clean);
    }

    public int Export(ref long word, Span<byte> outcomes) => 0;

    public void Inherit(IWindow old, long now)
    {
    }

    private static Tally Count(ulong outcomes)
    {
        var sentinel = BitOperations.Log2(outcomes | 1);
        return new Tally(sentinel, BitOperations.PopCount(outcomes ^ (1UL << sentinel)), 0);
    }
}
