namespace Resilience.Arena;

/// <summary>
/// The settings that both libraries get: total timeout, retry, breaker, attempt timeout, from the outside in. The shape is that of
/// the standard pipeline (30 s; 3 × 2 s; 0.1, 100, 30 s, 5 s; 10 s) in times that fit a run of under a minute and a goal of a second.
/// </summary>
internal sealed record Policy
{
    /// <summary>Time for a call with all its attempts and waits, in milliseconds.</summary>
    public int TotalTimeoutMs { get; init; } = 3000;

    /// <summary>Attempts after the first.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Base of the exponential backoff with jitter, in milliseconds.</summary>
    public int RetryDelayMs { get; init; } = 100;

    /// <summary>Part of the attempts within the window that must fail for the breaker to open.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>Attempts that the window must hold before the breaker may open.</summary>
    public int MinimumCalls { get; init; } = 50;

    /// <summary>Length of the breaker's window, in milliseconds.</summary>
    public int SamplingMs { get; init; } = 3000;

    /// <summary>How long the breaker stays open before it lets a probe through, in milliseconds.</summary>
    public int BreakMs { get; init; } = 1000;

    /// <summary>Time for one attempt, in milliseconds.</summary>
    public int AttemptTimeoutMs { get; init; } = 400;
}
