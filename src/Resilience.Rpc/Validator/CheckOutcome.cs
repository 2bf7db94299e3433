namespace Resilience.Rpc;

/// <summary>How a check, or a whole validation, came out.</summary>
public enum CheckOutcome : byte
{
    /// <summary>It holds.</summary>
    Passed,

    /// <summary>The endpoints agree that it does not hold.</summary>
    Failed,

    /// <summary>The endpoints did not agree, or too few answered.</summary>
    Undecided,

    /// <summary>It could not be asked, because what it depends on does not hold.</summary>
    Skipped,
}
