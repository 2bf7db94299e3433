namespace Resilience.Rpc;

/// <summary>Why a call to one endpoint gave no result. What each means for the rest of a fan-out says <see cref="FaultTreatment"/>.</summary>
public enum FaultClass : byte
{
    /// <summary>No fault: there is a result.</summary>
    None,

    /// <summary>The connection failed: a name that did not resolve, a refusal, a reset, an end in the middle of a body.</summary>
    Network,

    /// <summary>No answer by the deadline, or an intermediary gave up waiting.</summary>
    Timeout,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>The decision fell without this endpoint, which was then cancelled.</summary>
    LostRace,

    /// <summary>The endpoint failed at its own work: 5xx, an internal error, a database that is locked.</summary>
    Server,

    /// <summary>The endpoint asks for fewer requests.</summary>
    RateLimited,

    /// <summary>The endpoint does not accept the credentials, or the plan does not include the call.</summary>
    Auth,

    /// <summary>The endpoint does not know the method, or keeps it switched off.</summary>
    Unsupported,

    /// <summary>The endpoint does not have the data: pruned, not synchronised, or not indexed.</summary>
    MissingData,

    /// <summary>The request or its answer is over a limit of the endpoint.</summary>
    TooLarge,

    /// <summary>The request is wrong, whoever is asked.</summary>
    Client,

    /// <summary>The contract reverted.</summary>
    Revert,

    /// <summary>The transaction is not acceptable: nonce, funds, fee, signature.</summary>
    TxRejected,

    /// <summary>What came back is not a valid answer.</summary>
    Protocol,

    /// <summary>The endpoint's circuit breaker refused the call.</summary>
    BreakerOpen,

    /// <summary>The decision fell before the endpoint was asked.</summary>
    NotStarted,

    /// <summary>A well-formed error that no rule knows.</summary>
    Unclassified,
}
