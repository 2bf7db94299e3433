namespace Resilience.Rpc;

/// <summary>What came out of a fan-out.</summary>
public enum FanOutStatus : byte
{
    /// <summary>Nothing yet; a result never says so.</summary>
    Running,

    /// <summary>Mode All: every endpoint has answered or failed.</summary>
    Complete,

    /// <summary>Mode All: the deadline came before every endpoint had answered or failed.</summary>
    Incomplete,

    /// <summary>One endpoint's answer was taken, as the mode says; for Highest the number that enough endpoints vouch for.</summary>
    Answered,

    /// <summary>Enough endpoints gave the same answer.</summary>
    Agreed,

    /// <summary>Not agreed; the answer of the largest group was taken, as the dispute policy says.</summary>
    Plurality,

    /// <summary>Not agreed; the answer of the named endpoint was taken, as the dispute policy says.</summary>
    Leader,

    /// <summary>Not agreed, and there were two different answers or more.</summary>
    Dispute,

    /// <summary>Not agreed, for want of answers.</summary>
    LowParticipants,

    /// <summary>No endpoint gave an acceptable answer.</summary>
    Failed,
}
