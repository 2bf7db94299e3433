using System.Diagnostics;

namespace Resilience;

/// <summary>
/// A number of tokens between zero and a capacity, in one atomic word. Requirements: no addition is lost and none leads beyond the
/// capacity; what is taken was there; an addition to a full store and a removal from an empty one write nothing, so that while all
/// goes well the word is only read.
/// </summary>
internal struct BoundedTokens<TI>
    where TI : struct, IInterleaving
{
    private readonly int _capacity;

    // Changed by compare-and-swap only, hence not readonly.
    private int _tokens;

    /// <summary>A full store.</summary>
    internal BoundedTokens(int capacity)
    {
        _capacity = capacity;
        _tokens = capacity;
    }

    /// <summary>How many tokens there are.</summary>
    internal int Count => Volatile.Read(ref _tokens);

    /// <summary>Adds tokens, as many as there is room for.</summary>
    internal void Add(int amount)
    {
        while (true)
        {
            TI.Point(1);
            var tokens = Volatile.Read(ref _tokens);
            if (tokens == _capacity)
            {
                return;
            }

            TI.Point(2);
            if (TryReplace(tokens, Math.Min(_capacity, tokens + amount)))
            {
                return;
            }
        }
    }

    /// <summary>Removes tokens, as many as there are.</summary>
    internal void Remove(int amount)
    {
        while (true)
        {
            TI.Point(3);
            var tokens = Volatile.Read(ref _tokens);
            if (tokens == 0)
            {
                return;
            }

            TI.Point(4);
            if (TryReplace(tokens, Math.Max(0, tokens - amount)))
            {
                return;
            }
        }
    }

    /// <summary>Takes all of <paramref name="amount"/>, or nothing.</summary>
    internal bool TryTake(int amount)
    {
        while (true)
        {
            TI.Point(5);
            var tokens = Volatile.Read(ref _tokens);
            if (tokens < amount)
            {
                return false;
            }

            TI.Point(6);
            if (TryReplace(tokens, tokens - amount))
            {
                return true;
            }
        }
    }

    private bool TryReplace(int tokens, int replacement)
    {
        Debug.Assert(replacement >= 0 && replacement <= _capacity, "tokens stay between zero and the capacity");
        return Interlocked.CompareExchange(ref _tokens, replacement, tokens) == tokens;
    }
}
