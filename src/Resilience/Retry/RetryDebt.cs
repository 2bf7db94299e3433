namespace Resilience;

/// <summary>
/// What one call owes a <see cref="RetryBudget"/> for the retry it was granted last: 32 bits that the caller keeps, <c>default</c> before
/// the first. It is settled once, with the budget that it came from. Not safe for concurrent use: attempts side by side have one each.
/// </summary>
public struct RetryDebt
{
    // Replaced by reference when a retry is granted or settled, hence not readonly. Zero means that nothing is owed.
    internal int Amount;

    /// <summary>The debt that was kept as <paramref name="amount"/>.</summary>
    internal RetryDebt(int amount) => Amount = amount;
}
