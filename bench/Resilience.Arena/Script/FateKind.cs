namespace Resilience.Arena;

/// <summary>How the upstream treats a request.</summary>
internal enum FateKind
{
    /// <summary>A good answer.</summary>
    Good,

    /// <summary>A good answer after a long hang.</summary>
    Stuck,

    /// <summary>The phase's status code.</summary>
    Error,

    /// <summary>A connection reset.</summary>
    Reset,
}
