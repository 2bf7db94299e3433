namespace Resilience.Rpc;

/// <summary>How endpoints are ranked, and when one sits out. Immutable; checked when the set is built.</summary>
public sealed record EndpointSetOptions
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <summary>How often the ranking and the tracked percentiles are refreshed: from 1 ms to a day. Default: 1 s.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The share of fan-outs in which another endpoint of the same rank takes the place of the best, so that what is known of it stays fresh:
    /// from 0 to 1. Default: 0.05.
    /// </summary>
    public double Exploration { get; init; } = 0.05;

    /// <summary>An endpoint sits out that differed so often from a strict majority: from 1 to 16 times. Default: 3.</summary>
    public int Dissents { get; init; } = 3;

    /// <summary>Within which time: from 1 ms to a day. Default: 5 minutes.</summary>
    public TimeSpan DissentWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For how long: up to a day; zero for never. Default: 1 minute.</summary>
    public TimeSpan SitOut { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Nobody sits out while that would leave fewer endpoints than this, or fewer than the mode can decide with: from 1 to all. Null: a strict
    /// majority.
    /// </summary>
    public int? MinimumHealthy { get; init; }

    /// <summary>Where time comes from. Default: the system.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate(int endpoints)
    {
        OptionCheck.NotNull(TimeProvider, nameof(TimeProvider));
        OptionCheck.Duration(RefreshInterval, s_shortest, s_longest, nameof(RefreshInterval));
        OptionCheck.Range(Exploration, 0, 1, nameof(Exploration));
        OptionCheck.Range(Dissents, 1, DissentRegister.MostDissents, nameof(Dissents));
        OptionCheck.Duration(DissentWindow, s_shortest, s_longest, nameof(DissentWindow));
        OptionCheck.Duration(SitOut, TimeSpan.Zero, s_longest, nameof(SitOut));
        OptionCheck.Range(MinimumHealthy ?? 1, 1, endpoints, nameof(MinimumHealthy));
    }
}
