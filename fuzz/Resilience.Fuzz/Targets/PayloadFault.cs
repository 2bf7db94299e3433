namespace Resilience.Fuzz.Targets;

/// <summary>What may be wrong with a payload cache, to see that the script finds it.</summary>
public enum PayloadFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nothing expires.</summary>
    StopsTheClock,

    /// <summary>Removed keys stay.</summary>
    ForgetsRemovals,

    /// <summary>Bytes under a lease change.</summary>
    WritesIntoLeases,

    /// <summary>Leases are never returned.</summary>
    KeepsLeases,
}
