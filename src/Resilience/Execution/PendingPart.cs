namespace Resilience;

/// <summary>What a call waits for in place of its callback.</summary>
internal abstract class PendingPart
{
    /// <summary>Has <paramref name="continuation"/> run, once, when the part is over.</summary>
    internal abstract void OnCompleted(Action continuation);

    /// <summary>Gives up the call's hold on the part.</summary>
    internal abstract void Release();
}
