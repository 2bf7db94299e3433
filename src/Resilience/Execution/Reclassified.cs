namespace Resilience;

/// <summary>
/// A strategy under a classifier of its own: it sees that verdict, its outer neighbours see the pipeline's. How a composed pipeline keeps
/// its classifier, too.
/// </summary>
internal sealed class Reclassified<T>(Strategy strategy, Classifier<T> classifier) : Strategy<T>(strategy.Name)
{
    /// <inheritdoc/>
    public override object? Options => strategy.Options;

    /// <inheritdoc/>
    public override bool SupportsSynchronousCalls => strategy.SupportsSynchronousCalls;

    /// <inheritdoc/>
    public override TimeProvider? TimeProvider => strategy.TimeProvider;

    internal override bool HasOwnClassifier => true;

    internal override bool NeedsFineClock => strategy.NeedsFineClock;

    internal override HedgingStrategy? Hedging => strategy.Hedging;

    internal override TimeSpan OwnTimeout => strategy.OwnTimeout;

    internal override Verdict JudgeAlone<TResult>(in Outcome<TResult> outcome, Verdict verdict) =>
        outcome is Outcome<T> own ? classifier.Classify(own) : verdict;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => true;

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome) =>
        strategy is Strategy<T> typed ? typed.TryEnter(ref frame, ref slot, ref outcome) : strategy.TryEnter(ref frame, ref slot);

    /// <inheritdoc/>
    protected internal override Entry ResumeEnter(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome) =>
        strategy is Strategy<T> typed ? typed.ResumeEnter(ref frame, ref slot, ref outcome) : strategy.ResumeEnter(ref frame, ref slot);

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome)
    {
        var outer = frame.Verdict;
        if (frame.IsForClassifiers)
        {
            Classify(ref frame, ref slot, ref outcome);
        }

        var own = frame.Verdict;
        return ReclassifiedExceptions.Swap(ref frame, Tell(ref frame, ref slot, ref outcome), own, outer);
    }

    /// <inheritdoc/>
    protected internal override Exit ResumeLeave(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome)
    {
        var outer = frame.Verdict;
        var own = frame.Extras.OwnVerdict;
        frame.SetVerdict(own);
        var exit = strategy is Strategy<T> typed
            ? typed.ResumeLeave(ref frame, ref slot, ref outcome)
            : strategy.ResumeLeave(ref frame, ref slot);
        return ReclassifiedExceptions.Swap(ref frame, exit, own, outer);
    }

    private void Classify(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome)
    {
        try
        {
            frame.SetVerdict(frame.Permitted(classifier.Classify(outcome)));
        }
        catch
        {
            // What was entered is left, with or without a verdict.
            frame.SetVerdict(Verdict.Ignored);
            Tell(ref frame, ref slot, ref outcome);
            throw;
        }
    }

    private Exit Tell(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome) =>
        strategy is Strategy<T> typed ? typed.Leave(ref frame, ref slot, ref outcome) : strategy.Leave(ref frame, ref slot);
}
