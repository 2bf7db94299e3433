namespace Resilience;

/// <summary>A strategy of a composed pipeline that keeps that pipeline's classifier of exceptions; see <see cref="Reclassified{T}"/>.</summary>
internal sealed class ReclassifiedExceptions : Strategy
{
    private readonly Strategy _strategy;
    private readonly ExceptionClassifier _classifier;

    private ReclassifiedExceptions(Strategy strategy, ExceptionClassifier classifier)
        : base(strategy.Name)
    {
        _strategy = strategy;
        _classifier = classifier;
    }

    /// <inheritdoc/>
    public override object? Options => _strategy.Options;

    /// <inheritdoc/>
    public override bool SupportsSynchronousCalls => _strategy.SupportsSynchronousCalls;

    /// <inheritdoc/>
    public override TimeProvider? TimeProvider => _strategy.TimeProvider;

    internal override bool HasOwnClassifier => true;

    internal override bool NeedsFineClock => _strategy.NeedsFineClock;

    internal override TimeSpan OwnTimeout => _strategy.OwnTimeout;

    internal override HedgingStrategy? Hedging => _strategy.Hedging;

    internal override Verdict JudgeAlone<T>(in Outcome<T> outcome, Verdict verdict) =>
        outcome.Exception is { } exception ? _classifier.Classify(exception) : Verdict.Success;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => true;

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot) => _strategy.TryEnter(ref frame, ref slot);

    /// <inheritdoc/>
    protected internal override Entry ResumeEnter(ref CallFrame frame, ref Slot slot) => _strategy.ResumeEnter(ref frame, ref slot);

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        var outer = frame.Verdict;
        if (frame.IsForClassifiers)
        {
            Classify(ref frame, ref slot);
        }

        var own = frame.Verdict;
        return Swap(ref frame, _strategy.Leave(ref frame, ref slot), own, outer);
    }

    /// <inheritdoc/>
    protected internal override Exit ResumeLeave(ref CallFrame frame, ref Slot slot)
    {
        var outer = frame.Verdict;
        var own = frame.Extras.OwnVerdict;
        frame.SetVerdict(own);
        return Swap(ref frame, _strategy.ResumeLeave(ref frame, ref slot), own, outer);
    }

    private void Classify(ref CallFrame frame, ref Slot slot)
    {
        try
        {
            frame.SetVerdict(frame.Exception is { } exception ? frame.Permitted(_classifier.Classify(exception)) : Verdict.Success);
        }
        catch
        {
            // What was entered is left, with or without a verdict.
            frame.SetVerdict(Verdict.Ignored);
            _strategy.Leave(ref frame, ref slot);
            throw;
        }
    }

    /// <summary>Shows the outer verdict again; the strategy's own is kept for when its wait is over.</summary>
    internal static Exit Swap(ref CallFrame frame, Exit exit, Verdict own, Verdict outer)
    {
        frame.SetVerdict(outer);
        if (exit == Exit.Wait)
        {
            frame.Extras.OwnVerdict = own;
        }

        return exit;
    }

    // A strategy that wraps sees no verdict, and one that has a classifier of its own keeps it: both stay as they are.
    internal static Strategy Of(Strategy strategy, ExceptionClassifier classifier) =>
        strategy.Wraps || strategy.HasOwnClassifier ? strategy : new ReclassifiedExceptions(strategy, classifier);
}
