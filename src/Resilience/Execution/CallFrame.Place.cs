namespace Resilience;

/// <content>Where the call stands.</content>
public partial struct CallFrame
{
    /// <summary>The strategy at which the call stands; their number while it is in the callback.</summary>
    internal int Position
    {
        readonly get => _place.Position;
        set => _place.Position = value;
    }

    /// <summary>The position of the strategy whose deadline it is, or <see cref="CallersDeadline"/>.</summary>
    internal sbyte DeadlineOwner
    {
        readonly get => _place.DeadlineOwner;
        set => _place.DeadlineOwner = value;
    }

    /// <summary>The outermost position of this call: zero unless it is a child.</summary>
    internal byte Start
    {
        readonly get => _place.Start;
        set => _place.Start = value;
    }

    internal CallPhase Phase
    {
        readonly get => _place.Phase;
        set => _place.Phase = value;
    }

    internal bool IsSynchronous
    {
        readonly get => _place.IsSynchronous;
        set => _place.IsSynchronous = value;
    }
}
