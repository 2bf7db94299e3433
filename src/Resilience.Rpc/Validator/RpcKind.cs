namespace Resilience.Rpc;

/// <summary>Kinds of readings, by how long they stay true.</summary>
internal static class RpcKind
{
    internal const string Transaction = "transaction";
    internal const string Address = "address";
    internal const string Block = "block";
    internal const string Head = "head";
    internal const string Negative = "negative";
    internal const string Undecided = "undecided";
}
