namespace Resilience.Rpc;

/// <summary>How a dispute is settled.</summary>
internal enum DisputeKind : byte
{
    /// <summary>Not at all.</summary>
    Error,

    /// <summary>By the largest group.</summary>
    Plurality,

    /// <summary>By a named endpoint.</summary>
    Leader,
}
