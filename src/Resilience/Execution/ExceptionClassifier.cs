namespace Resilience;

/// <summary>Turns an exception into a verdict. Asked once an outcome, and not for what the caller cancelled or a deadline ended.</summary>
/// <remarks>Called from many threads at once. What it throws fails the call with that exception.</remarks>
public abstract class ExceptionClassifier
{
    /// <summary>Every exception is <see cref="Verdict.Transient"/>.</summary>
    public static ExceptionClassifier Default { get; } = new AllTransient();

    /// <summary>The verdict on <paramref name="exception"/>.</summary>
    public abstract Verdict Classify(Exception exception);

    private sealed class AllTransient : ExceptionClassifier
    {
        public override Verdict Classify(Exception exception) => Verdict.Transient;
    }
}
