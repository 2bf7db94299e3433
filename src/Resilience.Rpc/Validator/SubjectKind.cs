namespace Resilience.Rpc;

/// <summary>What a subject is.</summary>
internal enum SubjectKind : byte
{
    /// <summary>A transaction, by its hash.</summary>
    Transaction,

    /// <summary>A block, by its hash.</summary>
    BlockOfHash,

    /// <summary>A block, by its number.</summary>
    BlockOfNumber,

    /// <summary>An address.</summary>
    Address,
}
