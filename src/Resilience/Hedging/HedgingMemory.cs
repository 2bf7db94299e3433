namespace Resilience;

/// <summary>
/// What a hedging strategy keeps in the second number of its slot while a call has no race: how many attempts failed, what is owed, and for
/// which attempt the call waited first.
/// </summary>
internal readonly struct HedgingMemory
{
    private const int DebtShift = 32;
    private const int WaitedShift = 16;
    private const long PaidBit = 1 << 8;
    private const long StartedMask = 0xFF;
    private readonly long _word;

    internal HedgingMemory(in Slot slot) => _word = slot.Second;

    private HedgingMemory(long word) => _word = word;

    /// <summary>How many attempts failed before the one under way.</summary>
    internal int Failed => (int)(_word & StartedMask);

    /// <summary>Whether the call counts in the budget.</summary>
    internal bool HasPaid => (_word & PaidBit) != 0;

    /// <summary>What is owed for the attempt under way.</summary>
    internal RetryDebt Debt => new((int)(_word >> DebtShift));

    /// <summary>Whether the call waited for an attempt before the one under way.</summary>
    internal bool HasWaitedEarlier => HasWaited && ((_word >> WaitedShift) & StartedMask) <= Failed;

    private bool HasWaited => ((_word >> WaitedShift) & StartedMask) != 0;

    internal HedgingMemory Paid() => new(_word | PaidBit);

    /// <summary>The call waits for the attempt under way.</summary>
    internal HedgingMemory Waits() => HasWaited ? this : new(_word | ((Failed + 1L) << WaitedShift));

    /// <summary>Another attempt follows, for which so much is owed.</summary>
    internal HedgingMemory Followed(int debt) => new(((long)debt << DebtShift) | ((uint)_word + 1));

    internal void Store(ref Slot slot) => slot.Second = _word;
}
