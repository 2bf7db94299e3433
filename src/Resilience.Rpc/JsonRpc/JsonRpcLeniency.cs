namespace Resilience.Rpc;

/// <summary>What a client forgives. Each is off unless named.</summary>
[Flags]
public enum JsonRpcLeniency
{
    /// <summary>Nothing: the answer must be what the specification says.</summary>
    None = 0,

    /// <summary>The member "jsonrpc" may be missing; a wrong version is still refused.</summary>
    MissingVersion = 1,

    /// <summary>The id may come back as a string, "1" for 1.</summary>
    StringId = 2,

    /// <summary>An error may come without an id.</summary>
    MissingIdOfError = 4,

    /// <summary>"result": null may stand beside an error, as in version 1.0.</summary>
    NullResultBesideError = 8,

    /// <summary>Any Content-Type, and none, is taken for JSON.</summary>
    AnyContentType = 16,
}
