namespace Resilience;

/// <summary>What a call waits for in place of its callback.</summary>
internal abstract class PendingPart
{
    /// <summary>Gives up the call's hold on the part.</summary>
    internal abstract void Release();
}
