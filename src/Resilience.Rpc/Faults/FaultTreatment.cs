namespace Resilience.Rpc;

/// <summary>What a fault class means for the rest of a fan-out. Immutable; looking one up allocates nothing.</summary>
/// <param name="AnotherEndpoint">Whether another endpoint may do better.</param>
/// <param name="SameEndpoint">Whether the same endpoint may be asked again at once, after a short backoff.</param>
/// <param name="Votes">Whether the fault is an answer that counts towards a quorum.</param>
/// <param name="Verdict">What a circuit breaker and a retry around the one endpoint make of it.</param>
public readonly record struct FaultTreatment(bool AnotherEndpoint, bool SameEndpoint, bool Votes, Verdict Verdict)
{
    // In the order of FaultClass.
    private static readonly FaultTreatment[] s_table =
    [
        new(AnotherEndpoint: false, SameEndpoint: false, Votes: true, Verdict.Success),
        new(AnotherEndpoint: true, SameEndpoint: true, Votes: false, Verdict.Transient),
        new(AnotherEndpoint: true, SameEndpoint: false, Votes: false, Verdict.Permanent),
        new(AnotherEndpoint: false, SameEndpoint: false, Votes: false, Verdict.Ignored),
        new(AnotherEndpoint: false, SameEndpoint: false, Votes: false, Verdict.Ignored),
        new(AnotherEndpoint: true, SameEndpoint: false, Votes: false, Verdict.Permanent),
        new(AnotherEndpoint: true, SameEndpoint: false, Votes: false, Verdict.Throttled(TimeSpan.Zero)),
        new(AnotherEndpoint: true, SameEndpoint: false, Votes: false, Verdict.Ignored),
        new(AnotherEndpoint: true, SameEndpoint: false, Votes: false, Verdict.Success),
        new(AnotherEndpoint: true, SameEndpoint: false, Votes: false, Verdict.Success),
        new(AnotherEndpoint: true, SameEndpoint: false, Votes: false, Verdict.Success),
        new(AnotherEndpoint: false, SameEndpoint: false, Votes: true, Verdict.Success),
        new(AnotherEndpoint: false, SameEndpoint: false, Votes: true, Verdict.Success),
        new(AnotherEndpoint: false, SameEndpoint: false, Votes: true, Verdict.Success),
        new(AnotherEndpoint: true, SameEndpoint: false, Votes: false, Verdict.Permanent),
        new(AnotherEndpoint: true, SameEndpoint: false, Votes: false, Verdict.Ignored),
        new(AnotherEndpoint: false, SameEndpoint: false, Votes: false, Verdict.Ignored),
        new(AnotherEndpoint: false, SameEndpoint: false, Votes: true, Verdict.Ignored),
    ];

    /// <summary>Whether a circuit breaker counts the fault as a failure of the endpoint.</summary>
    public bool CountsForBreaker => Verdict.Health == Health.Bad;

    /// <summary>The treatment of a class.</summary>
    /// <param name="fault">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fault"/> is no class.</exception>
    public static FaultTreatment Of(FaultClass fault) =>
        (uint)fault < (uint)s_table.Length
            ? s_table[(int)fault]
            : throw new ArgumentOutOfRangeException(nameof(fault), fault, $"fault is {(byte)fault}; it must be a value of FaultClass.");
}
