namespace Resilience;

/// <summary>Where a call stands: the loop can be resumed at any of them.</summary>
internal enum CallPhase : byte
{
    /// <summary>Asking the strategies, from the frame's position inward.</summary>
    Entering,

    /// <summary>The callback, or a wrapping strategy in its place, is being started.</summary>
    Starting,

    /// <summary>The callback was pending and is over.</summary>
    Started,

    /// <summary>The callback threw; its fault is not classified yet.</summary>
    Failed,

    /// <summary>Telling the strategies, from the frame's position outward.</summary>
    Leaving,

    /// <summary>The outermost strategy has been left.</summary>
    Over,

    /// <summary>A strategy asked for a wait on the way in.</summary>
    WaitingToEnter,

    /// <summary>A strategy asked for a wait on the way out.</summary>
    WaitingToLeave,

    /// <summary>Waiting before another attempt.</summary>
    BackingOff,
}
