namespace Resilience;

/// <summary>How long the part of a call inside the timeout may take.</summary>
public sealed record TimeoutOptions
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    /// <summary>The name in descriptions and errors. Default: "timeout".</summary>
    public string Name { get; init; } = "timeout";

    /// <summary>
    /// The time allowed, above zero and at most 365 days. Never cut short; late by the steps of the system's clock (up to 11 ms on Linux,
    /// 17 ms elsewhere), or about 1 ms in a pipeline that has a timeout below 100 ms. Default: 30 s.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    internal TimeoutOptions Validated()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        if (Timeout <= TimeSpan.Zero || Timeout > s_longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Timeout), Timeout, $"Timeout is {Timeout}: it must be above zero and at most {s_longest.TotalDays:0} days.");
        }

        return this;
    }
}
