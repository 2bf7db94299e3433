namespace Resilience.Rpc;

/// <summary>Why a document has no digest.</summary>
internal enum DigestFault : byte
{
    None,
    DuplicateName,
    InvalidText,
    ExponentOutOfRange,
    TooManyMembers,
}
