namespace Resilience;

/// <summary>A classifier of outcomes that looks at exceptions only; every result is a success.</summary>
internal sealed class ExceptionsOnly<T>(ExceptionClassifier exceptions) : Classifier<T>
{
    public override Verdict Classify(in Outcome<T> outcome) =>
        outcome.Exception is { } exception ? exceptions.Classify(exception) : Verdict.Success;
}
