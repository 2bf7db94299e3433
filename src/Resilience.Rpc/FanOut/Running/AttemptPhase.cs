namespace Resilience.Rpc;

/// <summary>What an endpoint's part of a run waits for.</summary>
internal enum AttemptPhase : byte
{
    /// <summary>Nothing.</summary>
    Idle,

    /// <summary>The callback.</summary>
    Calling,

    /// <summary>The delay before it is asked again.</summary>
    Delaying,
}
