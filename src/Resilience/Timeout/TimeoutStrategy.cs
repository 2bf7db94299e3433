namespace Resilience;

/// <summary>
/// Lowers the deadline for what is inside and restores it on the way out. It cancels nothing itself: the attempt's one source is armed
/// for the nearest deadline, whoever set it.
/// </summary>
internal sealed class TimeoutStrategy(TimeoutOptions options) : Strategy(options.Name)
{
    private readonly TimeSpan _timeout = options.Timeout;

    /// <inheritdoc/>
    public override object Options => options;

    internal override TimeSpan OwnTimeout => _timeout;

    internal override bool NeedsFineClock => _timeout.Ticks < Clock.FineBelow;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => false;

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
    {
        slot.First = frame.Deadline;
        slot.Second = frame.DeadlineOwner;
        frame.LowerDeadline(_timeout, frame.Position);
        return Entry.Go;
    }

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        frame.SetDeadline(slot.First, (int)slot.Second);
        return Exit.Continue;
    }
}
