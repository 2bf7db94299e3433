using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// A balance that returns to zero by itself, in one atomic word. Requirements:
/// calls add to it and retries take from it, down to minus the reserve and no further;
/// above zero it leaks, and what is left alone for the time to live is gone;
/// below zero it refills at the minimum rate, exactly and whatever else happens, so that the minimum is never denied;
/// a refusal writes nothing.
/// </summary>
/// <remarks>
/// The unit is a thousandth of a retry: a minimum of one retry a second is then one unit a millisecond, and refilling has no remainder
/// to lose. The leak is balance·elapsed/ttl, rounded up. The word holds milliseconds in 36 bits and the balance in 28.
/// </remarks>
internal struct LeakyBucket<TI>
    where TI : struct, IInterleaving
{
    /// <summary>The units of one retry.</summary>
    internal const int Retry = 1_000;

    private const int BalanceBits = 28;
    private const long MostBalance = (1L << (BalanceBits - 1)) - 1;
    private const long TimeMask = (1L << (64 - BalanceBits)) - 1;

    // A reading this far behind the word (4.7 hours) is a clock that went back; further behind, it is a clock that has gone round.
    private const long MostBehind = 1L << 24;

    private readonly Clock _clock;
    private readonly long _ttl;
    private readonly long _deposit;
    private readonly long _refill;

    // Changed by compare-and-swap only, hence not readonly.
    private long _word;

    /// <summary>An empty bucket with a full reserve.</summary>
    internal LeakyBucket(Clock clock, long ttlMilliseconds, int deposit, int minimumPerSecond)
    {
        _clock = clock;
        _ttl = ttlMilliseconds;
        _deposit = deposit;
        _refill = minimumPerSecond;
        Debug.Assert(Reserve <= MostBalance, "the reserve fits the word");
        _word = Pack(Now, 0);
    }

    /// <summary>How many retries would be granted now.</summary>
    internal long Retries => (BalanceAt(Volatile.Read(ref _word), Now) + Reserve) / Retry;

    private readonly long Reserve => _refill * _ttl;

    private readonly long Now => (_clock.Coarse / TimeSpan.TicksPerMillisecond) & TimeMask;

    /// <summary>Pays in for one call.</summary>
    internal void Deposit()
    {
        if (_deposit == 0)
        {
            return;
        }

        while (true)
        {
            // The word before the time: a time read first could lie before the word of a thread that overtook, and be refilled twice.
            TI.Point(1);
            var word = Volatile.Read(ref _word);
            TI.Point(2);
            var now = Now;
            var balance = Math.Min(MostBalance, BalanceAt(word, now) + _deposit);
            TI.Point(3);
            if (Interlocked.CompareExchange(ref _word, Pack(now, balance), word) == word)
            {
                return;
            }
        }
    }

    /// <summary>Takes one retry, or nothing.</summary>
    internal bool TryTake()
    {
        while (true)
        {
            TI.Point(4);
            var word = Volatile.Read(ref _word);
            TI.Point(5);
            var now = Now;
            var balance = BalanceAt(word, now) - Retry;
            if (balance < -Reserve)
            {
                return false;
            }

            TI.Point(6);
            if (Interlocked.CompareExchange(ref _word, Pack(now, balance), word) == word)
            {
                return true;
            }
        }
    }

    private static long Pack(long now, long balance)
    {
        Debug.Assert(balance is >= -MostBalance and <= MostBalance, "the balance fits the word");
        return (now << BalanceBits) | (balance & ((1L << BalanceBits) - 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly long BalanceAt(long word, long now)
    {
        var balance = word << (64 - BalanceBits) >> (64 - BalanceBits);
        var elapsed = (now - (long)((ulong)word >> BalanceBits)) & TimeMask;
        if (balance == 0 || elapsed == 0 || elapsed > TimeMask - MostBehind)
        {
            return balance;
        }

        // Beyond the time to live there is nothing left to leak or to refill; it also keeps the products small.
        elapsed = Math.Min(elapsed, _ttl);
        return balance > 0
            ? balance - (((balance * elapsed) + _ttl - 1) / _ttl)
            : Math.Min(0, balance + (_refill * elapsed));
    }
}
