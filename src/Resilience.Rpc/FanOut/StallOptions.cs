namespace Resilience.Rpc;

/// <summary>When an endpoint that has not answered yet counts as late. Immutable; checked when a fan-out is built.</summary>
public sealed record StallOptions
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    /// <summary>Late is what takes longer than the endpoint's P95, but no less than this: from 1 ms to 1 h. Default: 20 ms.</summary>
    public TimeSpan Least { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>And no more than this, nor while nothing is known of the endpoint: from <see cref="Least"/> to 1 h. Default: 1 s.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromSeconds(1);

    internal void Validate()
    {
        OptionCheck.Duration(Least, s_shortest, s_longest, nameof(Least));
        OptionCheck.Duration(Most, Least, s_longest, nameof(Most));
    }
}
