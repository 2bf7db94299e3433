namespace Resilience.Tests.Retry;

/// <summary>One schedule of every kind that takes a base.</summary>
internal static class BackoffKinds
{
    internal static Backoff[] Fixed(TimeSpan baseDelay) =>
    [
        Backoff.Constant(baseDelay),
        Backoff.Linear(baseDelay),
        Backoff.Exponential(baseDelay),
        Backoff.Fibonacci(baseDelay),
        Backoff.Schedule(baseDelay, baseDelay),
        Backoff.Generate(_ => baseDelay),
    ];

    internal static Backoff[] Random(TimeSpan baseDelay) =>
        [Backoff.DecorrelatedJitter(baseDelay, Backoff.MaxDelay), Backoff.SmoothedDecorrelatedJitter(baseDelay)];

    internal static Backoff[] All(TimeSpan baseDelay) => [.. Fixed(baseDelay), .. Random(baseDelay)];
}
