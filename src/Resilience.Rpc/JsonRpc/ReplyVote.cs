using System.Text;

namespace Resilience.Rpc;

/// <summary>The digests of faults. They begin with a word that no value's does, so that a fault never votes with a result.</summary>
internal static class ReplyVote
{
    private const ulong Kind = 0x100;
    private const int ClassShift = 16;

    private static readonly string[] s_alreadyKnown = ["already known", "known transaction", "alreadyknown", "already imported", "already in mempool", "already exists"];

    internal static UInt128 Of(FaultClass fault) => SipHash.Of(SipKey.Process, Head(fault), default).ToUInt128();

    /// <summary>The class alone, but for a revert what it gave, and for an unclassified error its code. Never the message.</summary>
    internal static UInt128 Of(FaultClass fault, JsonRpcError error) => fault switch
    {
        FaultClass.Revert => SipHash.Of(SipKey.Process, Head(fault), Encoding.ASCII.GetBytes(error.RevertData ?? "0x")).ToUInt128(),
        FaultClass.Unclassified => SipHash.Of(SipKey.Process, Head(fault), BitConverter.GetBytes(error.Code)).ToUInt128(),
        _ => Of(fault),
    };

    internal static bool IsAlreadyKnown(string message) =>
        Array.Exists(s_alreadyKnown, known => message.Contains(known, StringComparison.OrdinalIgnoreCase));

    private static ulong Head(FaultClass fault) => Kind | ((ulong)fault << ClassShift);
}
