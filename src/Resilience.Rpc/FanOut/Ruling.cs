using System.Net.Sockets;

namespace Resilience.Rpc;

/// <summary>
/// What an endpoint's answer or exception is worth to a fan-out: its fault class, whether it may be taken, and the key by which it is equal to
/// others. A value; allocates nothing.
/// </summary>
public readonly record struct Ruling
{
    private Ruling(FaultClass fault, bool isUsable, bool hasKey, UInt256 key)
    {
        Fault = fault;
        IsUsable = isUsable;
        HasKey = hasKey;
        Key = key;
    }

    /// <summary>The fault class; <see cref="FaultClass.None"/> for an answer.</summary>
    public FaultClass Fault { get; }

    /// <summary>Whether it may be taken: as the one answer, as a vote, or as a number. What may not be taken is a failure.</summary>
    public bool IsUsable { get; }

    /// <summary>Whether it has a key, so that it can vote.</summary>
    public bool HasKey { get; }

    /// <summary>The digest of the answer, or the number to compare.</summary>
    public UInt256 Key { get; }

    /// <summary>An answer to take where one is enough; it does not vote.</summary>
    public static Ruling Accept { get; } = new(FaultClass.None, isUsable: true, hasKey: false, default);

    internal static Ruling Unknown { get; } = new(FaultClass.Unclassified, isUsable: false, hasKey: false, default);

    /// <summary>A valid answer that is not acceptable: no fault, but not to be taken, and no vote.</summary>
    public static Ruling Reject { get; } = new(FaultClass.None, isUsable: false, hasKey: false, default);

    /// <summary>An answer that votes. Answers with the same digest are the same answer.</summary>
    /// <param name="digest">At least 128 bits of a digest whose collisions no endpoint can choose, or the number to compare.</param>
    public static Ruling Vote(UInt256 digest) => new(FaultClass.None, isUsable: true, hasKey: true, digest);

    /// <summary>
    /// A fault without a digest. Where no other endpoint could do better, it is taken as the answer of a mode that takes one; it does not vote.
    /// </summary>
    /// <param name="fault">The class.</param>
    public static Ruling Failure(FaultClass fault) => new(fault, FaultTreatment.Of(fault).Votes, hasKey: false, default);

    /// <summary>A fault that votes, if its class does: what the endpoints agree on may be an error.</summary>
    /// <param name="fault">The class.</param>
    /// <param name="digest">What tells it from other faults of its class; 128 bits are kept.</param>
    public static Ruling FailureVote(FaultClass fault, UInt128 digest)
    {
        var votes = FaultTreatment.Of(fault).Votes;

        // The class lies above the digest, so that no fault is equal to an answer or to a fault of another class.
        return new(fault, votes, votes, new UInt256((byte)fault, digest));
    }

    /// <summary>
    /// What an exception says where nothing better is known: broken connections are Network, timeouts and cancellations that nobody here asked
    /// for are Timeout, a rejection is BreakerOpen, anything else is Unclassified and does not vote.
    /// </summary>
    /// <param name="exception">The exception.</param>
    public static Ruling FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return ClassOf(exception) is var fault && fault == FaultClass.Unclassified ? Unknown : Failure(fault);
    }

    /// <summary>
    /// What a JSON-RPC reply says: a result votes by its digest, null too; a fault by its class and digest, if its class votes.
    /// </summary>
    /// <param name="outcome">The reply, or the exception.</param>
    public static Ruling FromReply(Outcome<JsonRpcReply> outcome) => outcome.ResultOrDefault is not { } reply
        ? FromException(outcome.Exception!)
        : reply.HasResult ? Vote(reply.Digest) : FailureVote(reply.Fault, reply.Digest);

    private static FaultClass ClassOf(Exception exception) => exception switch
    {
        RejectedException => FaultClass.BreakerOpen,
        TimeoutException or OperationCanceledException => FaultClass.Timeout,
        SocketException or IOException => FaultClass.Network,
        HttpRequestException http => http.InnerException is { } inner && ClassOf(inner) == FaultClass.Timeout ? FaultClass.Timeout : FaultClass.Network,
        _ => FaultClass.Unclassified,
    };
}
