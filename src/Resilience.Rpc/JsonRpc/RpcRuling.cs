namespace Resilience.Rpc;

/// <summary>What a JSON-RPC reply is worth to a fan-out. Stateless; allocates nothing.</summary>
public static class RpcRuling
{
    /// <summary>
    /// The ruling on a reply: a result votes by its digest, null only where the method says so; a fault that votes does so by its class and what
    /// tells it apart; a transaction that is there already is an answer to take.
    /// </summary>
    /// <param name="outcome">The reply, or what was thrown in place of one.</param>
    /// <param name="method">What is declared of the method.</param>
    public static Ruling Of(Outcome<JsonRpcReply> outcome, RpcMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (outcome.ResultOrDefault is not { } reply)
        {
            return outcome.Exception is { } exception ? Ruling.FromException(exception) : Ruling.Failure(FaultClass.BreakerOpen);
        }

        if (reply.HasResult)
        {
            return reply.IsNull && !method.NullVotes ? Ruling.Reject : Ruling.Vote(reply.Digest);
        }

        return reply.IsAlreadyKnown ? Ruling.Accept
            : FaultTreatment.Of(reply.Fault).Votes ? Ruling.FailureVote(reply.Fault, reply.Digest)
            : Ruling.Failure(reply.Fault);
    }
}
