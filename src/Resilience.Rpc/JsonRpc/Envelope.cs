namespace Resilience.Rpc;

/// <summary>What one answer object said, as far as it was read.</summary>
internal struct Envelope
{
    /// <summary>An id that is no id that was sent.</summary>
    internal const long Unknown = -1;

    // Not readonly: filled member by member.
    internal bool HasVersion;
    internal bool IsVersionRight;
    internal bool HasId;
    internal bool IsIdNull;
    internal long Index;
    internal bool HasResult;
    internal bool IsResultNull;
    internal long ResultStart;
    internal long ResultEnd;
    internal UInt128 ResultDigest;
    internal bool HasError;
    internal bool IsErrorNull;
    internal bool IsErrorWhole;
    internal bool HasCode;
    internal long Code;
    internal string? Message;
    internal string? RevertData;
    internal string? DataText;

    /// <summary>What is wrong with it; null if nothing is. The id is judged apart.</summary>
    internal readonly string? Complaint(JsonRpcOptions options)
    {
        var hasError = HasError && !IsErrorNull;
        if (!HasVersion && !options.Forgives(JsonRpcLeniency.MissingVersion))
        {
            return "The version is missing.";
        }

        if (HasVersion && !IsVersionRight)
        {
            return "The version is not 2.0.";
        }

        if (hasError && !IsErrorWhole)
        {
            return "The error is not an object with an integral code and a message.";
        }

        if (hasError && HasResult && !(IsResultNull && options.Forgives(JsonRpcLeniency.NullResultBesideError)))
        {
            return "There are a result and an error.";
        }

        return hasError || HasResult ? null : "There is neither a result nor an error.";
    }

    /// <summary>Whether the error was sent for a request whose id the server could not read.</summary>
    internal readonly bool IsErrorForAny(JsonRpcOptions options) =>
        HasError && !IsErrorNull && (IsIdNull || (!HasId && options.Forgives(JsonRpcLeniency.MissingIdOfError)));
}
