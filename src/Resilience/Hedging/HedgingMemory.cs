namespace Resilience;

/// <summary>What a hedging strategy keeps in the second number of its slot while attempts end at once: how many failed, and what is owed.</summary>
internal readonly struct HedgingMemory
{
    private const int DebtShift = 32;
    private const long PaidBit = 1 << 8;
    private const long StartedMask = 0xFF;
    private readonly long _word;

    internal HedgingMemory(in Slot slot) => _word = slot.Second;

    internal HedgingMemory(int failed, RetryDebt debt) => _word = ((long)debt.Amount << DebtShift) | PaidBit | (uint)failed;

    /// <summary>How many attempts failed before the one under way.</summary>
    internal int Failed => (int)(_word & StartedMask);

    /// <summary>Whether the call counts in the budget.</summary>
    internal bool HasPaid => (_word & PaidBit) != 0;

    /// <summary>What is owed for the attempt under way.</summary>
    internal RetryDebt Debt => new((int)(_word >> DebtShift));

    internal void Store(ref Slot slot) => slot.Second = _word;
}
