namespace Resilience;

/// <summary>Options of a <see cref="LeakyBucketBudget"/>.</summary>
public sealed record LeakyBucketBudgetOptions
{
    /// <summary>How long what a call pays in is good for; also how long the minimum accumulates. From 1 to 60 s; 10 s by default.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many retries a call pays in, to three decimals: 0.2 lets a fifth of the calls be retried. From 0 to 10; 0.2 by default.
    /// </summary>
    public double RetryRatio { get; init; } = 0.2;

    /// <summary>How many retries a second are granted besides, however few calls there are. From 0 to 2,000; 10 by default.</summary>
    public int MinimumPerSecond { get; init; } = 10;

    internal void Validate()
    {
        RetryBudgetOption.Between(TimeToLive, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        RetryBudgetOption.Between(RetryRatio, 0, 10);
        RetryBudgetOption.Between(MinimumPerSecond, 0, 2_000);
    }
}
