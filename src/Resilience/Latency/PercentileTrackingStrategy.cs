namespace Resilience;

/// <summary>
/// Records how long what is inside took, by the frame's two readings of the clock. What a deadline ended counts with the time until then: a
/// tracker that did not see it would never learn that the dependency has become slower than the deadline. Refusals, and what the caller
/// cancelled, say nothing.
/// </summary>
internal sealed class PercentileTrackingStrategy(PercentileTrackingOptions options) : Strategy(options.Name)
{
    private readonly PercentileTracker _tracker = options.Tracker;
    private readonly bool _recordsFailures = options.RecordFailures;

    /// <inheritdoc/>
    public override object Options => options;

    /// <inheritdoc/>
    public override TimeProvider TimeProvider => _tracker.TimeProvider;

    internal override bool NeedsFineClock => true;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => false;

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
    {
        slot.First = frame.Ticks;
        return Entry.Go;
    }

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        var health = frame.Verdict.Health;
        if (health == Health.Good
            || (health == Health.Bad && (_recordsFailures || frame.Exception is TimeoutRejectedException)))
        {
            var now = frame.Ticks;
            _tracker.RecordAt(now - slot.First, now);
        }

        return Exit.Continue;
    }
}
