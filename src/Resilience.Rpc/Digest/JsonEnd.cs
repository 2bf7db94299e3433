namespace Resilience.Rpc;

/// <summary>How the reading of a document ended.</summary>
internal enum JsonEnd : byte
{
    /// <summary>One whole value, and nothing after it but blanks.</summary>
    Complete,

    /// <summary>The sink stopped it.</summary>
    Stopped,

    /// <summary>It is not JSON, is cut off, nests too deep, or has more after the value.</summary>
    Malformed,

    /// <summary>A token is longer than the bound.</summary>
    TokenTooLong,

    /// <summary>The document is longer than the bound.</summary>
    TooLong,
}
