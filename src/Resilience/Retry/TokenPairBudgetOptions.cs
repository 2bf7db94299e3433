namespace Resilience;

/// <summary>Options of a <see cref="TokenPairBudget"/>.</summary>
public sealed record TokenPairBudgetOptions
{
    /// <summary>The most tokens, and the first number of them; retries need more than half. From 1 to 1,000; 10 by default.</summary>
    public int MaxTokens { get; init; } = 10;

    /// <summary>The tokens that a success brings, to three decimals; a failure costs one. From 0.001 to 1,000; 0.1 by default.</summary>
    public double TokenRatio { get; init; } = 0.1;

    internal void Validate()
    {
        RetryBudgetOption.Between(MaxTokens, 1, 1_000);
        RetryBudgetOption.Between(TokenRatio, 0.001, 1_000);
    }
}
