namespace Resilience;

/// <summary>Where a call stands. Apart from the frame, and 8 bytes long, so that a new frame clears it with one store.</summary>
internal struct CallPlace
{
    internal int Position;
    internal sbyte DeadlineOwner;
    internal byte Start;
    internal CallPhase Phase;
    internal bool IsSynchronous;
}
