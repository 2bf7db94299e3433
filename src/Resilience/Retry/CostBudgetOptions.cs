using System.Globalization;

namespace Resilience;

/// <summary>Options of a <see cref="CostBudget"/>.</summary>
public sealed record CostBudgetOptions
{
    /// <summary>The most tokens, and the first number of them. From 1 to 1,000,000; 500 by default.</summary>
    public int Capacity { get; init; } = 500;

    /// <summary>What a retry costs. From 1 to <see cref="Capacity"/>; 5 by default.</summary>
    public int RetryCost { get; init; } = 5;

    /// <summary>What a retry costs after a timeout. From 1 to <see cref="Capacity"/>; 10 by default.</summary>
    public int TimeoutRetryCost { get; init; } = 10;

    /// <summary>What a call brings that succeeds without a retry. From 0 to <see cref="Capacity"/>; 1 by default.</summary>
    public int SuccessIncrement { get; init; } = 1;

    internal void Validate()
    {
        RetryBudgetOption.Between(Capacity, 1, 1_000_000);
        UpToCapacity(RetryCost, nameof(RetryCost), 1);
        UpToCapacity(TimeoutRetryCost, nameof(TimeoutRetryCost), 1);
        UpToCapacity(SuccessIncrement, nameof(SuccessIncrement), 0);
    }

    private void UpToCapacity(int value, string name, int low)
    {
        if (value < low || value > Capacity)
        {
            throw new ArgumentOutOfRangeException(
                name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} is {value} and Capacity {Capacity}; {name} must lie between {low} and Capacity."));
        }
    }
}
