namespace Resilience.Tests.Execution;

/// <summary>A classifier made of a lambda that counts how often it is asked.</summary>
internal sealed class Counting<T>(Func<Outcome<T>, Verdict> verdict) : Classifier<T>
{
    internal int Asked { get; private set; }

    public override Verdict Classify(in Outcome<T> outcome)
    {
        Asked++;
        return verdict(outcome);
    }
}
