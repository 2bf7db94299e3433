namespace Resilience;

/// <summary>Options of an <see cref="InFlightBudget"/>.</summary>
public sealed record InFlightBudgetOptions
{
    /// <summary>The share of the calls in flight that may be in a retry, to four decimals. From 0 to 1; 0.2 by default.</summary>
    public double Share { get; init; } = 0.2;

    /// <summary>How many retries may be in flight however few calls are. From 0 to 1,000,000; 3 by default.</summary>
    public int Minimum { get; init; } = 3;

    internal void Validate()
    {
        RetryBudgetOption.Between(Share, 0, 1);
        RetryBudgetOption.Between(Minimum, 0, 1_000_000);
    }
}
