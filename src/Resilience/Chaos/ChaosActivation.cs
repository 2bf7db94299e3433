namespace Resilience;

/// <summary>What switches chaos on.</summary>
public enum ChaosActivation : byte
{
    /// <summary>The environment variable <c>RESILIENCE_CHAOS</c>, when it is <c>1</c> while the pipeline is built. Otherwise it is off.</summary>
    ByEnvironment,

    /// <summary>This option itself: for tests, and where something else guards it.</summary>
    Always,

    /// <summary>Nothing.</summary>
    Never,
}
