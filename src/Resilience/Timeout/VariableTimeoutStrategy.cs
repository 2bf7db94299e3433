namespace Resilience;

/// <summary>A timeout whose time is asked for anew each time it is entered. The frame notes it, for the error that a deadline becomes.</summary>
internal sealed class VariableTimeoutStrategy(TimeoutOptions options, TimeoutSource source) : Strategy(options.Name)
{
    private readonly bool _takesTime = source.RunsForeignCode;

    /// <inheritdoc/>
    public override object Options => options;

    internal override TimeSpan OwnTimeout => VariesByCall;

    internal override bool NeedsFineClock => source.NeedsFineClock;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => source.RunsForeignCode;

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
    {
        slot.First = frame.Deadline;
        slot.Second = frame.DeadlineOwner;
        var timeout = source.Next(new TimeoutRequest(frame.Attempt, frame.OperationName));
        if (_takesTime)
        {
            frame.RefreshClock();
        }

        if (timeout != TimeoutSource.None && frame.LowerDeadline(timeout, frame.Position))
        {
            frame.Extras.NoteTimeout(frame.Position, timeout);
        }

        return Entry.Go;
    }

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        frame.SetDeadline(slot.First, (int)slot.Second);
        return Exit.Continue;
    }
}
