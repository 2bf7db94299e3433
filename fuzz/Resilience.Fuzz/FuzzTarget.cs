namespace Resilience.Fuzz;

/// <summary>A target with what the mutator should know about its language.</summary>
/// <param name="Name">How the command line names it.</param>
/// <param name="Run">The target.</param>
/// <param name="Seeds">Inputs to start from.</param>
/// <param name="Tokens">Pieces that mean something in the language.</param>
public sealed record FuzzTarget(string Name, Target Run, IReadOnlyList<byte[]> Seeds, IReadOnlyList<byte[]> Tokens)
{
    /// <summary>Every target of this program.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Targets.RetryAfterTarget.Create(),
        Targets.FrameTarget.Create(),
        Targets.SnapshotTarget.Create(),
        Targets.LruScriptTarget.Create(),
        Targets.PayloadScriptTarget.Create(),
        Targets.RpcReplyTarget.Create(),
    ];
}
