namespace Resilience.Rpc;

/// <summary>What a voting mode does when no answer can reach its threshold and there were different ones. Immutable.</summary>
public sealed record DisputePolicy
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    private DisputePolicy(DisputeKind kind, string? leader = null)
    {
        Kind = kind;
        LeaderName = leader;
    }

    /// <summary>The result says that there is a dispute.</summary>
    public static DisputePolicy Error { get; } = new(DisputeKind.Error);

    /// <summary>The answer of the largest group is taken, once nothing that may still come can change which that is; a tie stays a dispute.</summary>
    public static DisputePolicy Plurality { get; } = new(DisputeKind.Plurality);

    /// <summary>How often the endpoints are asked again before the policy applies, from 0 to 10. Default: 0.</summary>
    public int Retries { get; private init; }

    /// <summary>The wait before they are asked again.</summary>
    public TimeSpan RetryDelay { get; private init; }

    internal DisputeKind Kind { get; }

    internal string? LeaderName { get; }

    /// <summary>The answer of a named endpoint is taken, if it gives one; it is waited for.</summary>
    /// <param name="endpoint">The endpoint's name.</param>
    public static DisputePolicy Leader(string endpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        return new DisputePolicy(DisputeKind.Leader, endpoint);
    }

    /// <summary>Everybody is asked again after a delay, within the same deadline; what is still disputed then is an error.</summary>
    /// <param name="delay">The delay, from zero to a day.</param>
    /// <param name="times">How often, from 1 to 10.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static DisputePolicy Retry(TimeSpan delay, int times = 1) => Error.After(delay, times);

    /// <summary>The same policy, but everybody is asked again before it applies.</summary>
    /// <param name="delay">The delay, from zero to a day.</param>
    /// <param name="times">How often, from 1 to 10.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public DisputePolicy After(TimeSpan delay, int times = 1)
    {
        OptionCheck.Duration(delay, TimeSpan.Zero, s_longest, nameof(delay));
        OptionCheck.Range(times, 1, 10, nameof(times));
        return this with { RetryDelay = delay, Retries = times };
    }

    internal DisputeRule Rule(IReadOnlyList<Endpoint> endpoints)
    {
        if (Kind != DisputeKind.Leader)
        {
            return new DisputeRule(Kind, -1);
        }

        var leader = endpoints.FirstOrDefault(endpoint => endpoint.Name == LeaderName);
        OptionCheck.That(
            leader is not null, "Dispute",
            $"Dispute names '{LeaderName}' as the leader; it must be one of {string.Join(", ", endpoints.Select(endpoint => endpoint.Name))}.");
        return new DisputeRule(Kind, leader!.Index);
    }
}
