namespace Resilience.Rpc;

/// <summary>How an endpoint's answer compares with the one that was taken.</summary>
public enum SlotVote : byte
{
    /// <summary>It gave none that could be compared, or none was taken.</summary>
    None,

    /// <summary>The same.</summary>
    Agrees,

    /// <summary>Another.</summary>
    Differs,
}
