namespace Resilience.Arena;

/// <summary>Who runs.</summary>
internal enum ContestantName
{
    /// <summary>An HttpClient and nothing else.</summary>
    Bare,

    /// <summary>The same with Polly.</summary>
    Polly,

    /// <summary>The same with this library.</summary>
    Ours,
}
