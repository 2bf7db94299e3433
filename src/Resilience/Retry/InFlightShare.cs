using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Calls and retries in flight, in one atomic word. Requirements: a retry is granted only while fewer are in flight than the larger of
/// the minimum and the share of the calls, both read in the same instant; calls are counted and never refused.
/// </summary>
/// <remarks>
/// The word is calls·2³² + retries, a sum of two signed numbers, so that a retry given back too often borrows nothing from the calls.
/// </remarks>
internal struct InFlightShare<TI>
    where TI : struct, IInterleaving
{
    /// <summary>The units of a whole share.</summary>
    internal const int Whole = 10_000;

    private const long OneCall = 1L << 32;

    private readonly int _share;
    private readonly int _minimum;

    // Changed by interlocked operations only, hence not readonly.
    private long _word;

    internal InFlightShare(int share, int minimum)
    {
        _share = share;
        _minimum = minimum;
    }

    /// <summary>Calls in flight and retries among them.</summary>
    internal (int Calls, int Retries) Count => Unpack(Volatile.Read(ref _word));

    /// <summary>A call starts.</summary>
    internal void Start()
    {
        TI.Point(1);
        Interlocked.Add(ref _word, OneCall);
    }

    /// <summary>A call has ended.</summary>
    internal void End()
    {
        TI.Point(2);
        var word = Interlocked.Add(ref _word, -OneCall);
        AssertSane(word);
    }

    /// <summary>A retry has ended.</summary>
    internal void GiveBack()
    {
        TI.Point(3);
        var word = Interlocked.Decrement(ref _word);
        AssertSane(word);
    }

    /// <summary>Takes a place for a retry, or keeps the one that the call's last retry held.</summary>
    /// <param name="holds">Whether the call holds a place.</param>
    internal bool TryTake(bool holds)
    {
        var held = holds ? 1 : 0;
        while (true)
        {
            TI.Point(4);
            var word = Volatile.Read(ref _word);
            var (calls, retries) = Unpack(word);
            if (retries - held >= Math.Max(_minimum, (long)calls * _share / Whole))
            {
                return false;
            }

            if (holds)
            {
                return true;
            }

            TI.Point(5);
            if (Interlocked.CompareExchange(ref _word, word + 1, word) == word)
            {
                return true;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Calls, int Retries) Unpack(long word)
    {
        var retries = (int)word;
        return ((int)((word - retries) >> 32), retries);
    }

    [Conditional("DEBUG")]
    private static void AssertSane(long word)
    {
        var (calls, retries) = Unpack(word);
        Debug.Assert(calls >= 0, "no call ends twice");
        Debug.Assert(retries >= 0, "no retry is given back twice");
    }
}
