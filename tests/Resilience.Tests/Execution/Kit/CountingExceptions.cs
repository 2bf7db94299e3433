namespace Resilience.Tests.Execution;

/// <inheritdoc cref="Counting{T}"/>
internal sealed class CountingExceptions(Func<Exception, Verdict> verdict) : ExceptionClassifier
{
    internal int Asked { get; private set; }

    public override Verdict Classify(Exception exception)
    {
        Asked++;
        return verdict(exception);
    }
}
