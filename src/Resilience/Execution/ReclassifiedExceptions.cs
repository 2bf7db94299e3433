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

    internal override bool NeedsFineClock => _strategy.NeedsFineClock;

    internal override TimeSpan OwnTimeout => _strategy.OwnTimeout;

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
            var verdict = frame.Exception is { } exception ? _classifier.Classify(exception) : Verdict.Success;
            frame.SetVerdict(frame.Permitted(verdict));
        }

        var exit = _strategy.Leave(ref frame, ref slot);
        frame.SetVerdict(outer);
        return exit;
    }

    /// <inheritdoc/>
    protected internal override Exit ResumeLeave(ref CallFrame frame, ref Slot slot) => _strategy.ResumeLeave(ref frame, ref slot);

    // A strategy that wraps sees no verdict and stays as it is.
    internal static Strategy Of(Strategy strategy, ExceptionClassifier classifier) =>
        strategy.Wraps ? strategy : new ReclassifiedExceptions(strategy, classifier);
}
