namespace Resilience.Rpc;

/// <summary>What a validation found, check by check. Immutable; safe for concurrent use.</summary>
/// <param name="Subject">What was validated.</param>
/// <param name="BlockHash">The block to which all reads were pinned; null if there is none.</param>
/// <param name="IsFinal">Whether that block has so many confirmations that it is taken as final.</param>
/// <param name="Checks">The checks.</param>
public sealed record RpcVerdict(RpcSubject Subject, string? BlockHash, bool IsFinal, IReadOnlyList<RpcCheck> Checks)
{
    /// <summary>Failed if a check failed, else undecided if one is, else passed.</summary>
    public CheckOutcome Outcome =>
        Checks.Any(static check => check.Outcome == CheckOutcome.Failed) ? CheckOutcome.Failed
        : Checks.Any(static check => check.Outcome is CheckOutcome.Undecided or CheckOutcome.Skipped) ? CheckOutcome.Undecided
        : CheckOutcome.Passed;

    /// <summary>Whether every check passed.</summary>
    public bool IsValid => Outcome == CheckOutcome.Passed;
}
