namespace Resilience;

/// <summary>Why a further attempt is started.</summary>
public enum HedgeReason : byte
{
    /// <summary>The one before has been under way for the delay; the new one starts beside it.</summary>
    Late,

    /// <summary>One has failed; the new one starts at once.</summary>
    Failed,
}
