namespace Resilience;

/// <summary>Turns an outcome into a verdict. Asked once an outcome, and not for rejections, nor for what the caller cancelled or a deadline ended.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
/// <remarks>Called from many threads at once. What it throws fails the call with that exception.</remarks>
public abstract class Classifier<T>
{
    /// <summary>The verdict on <paramref name="outcome"/>, which is a result or an exception.</summary>
    public abstract Verdict Classify(in Outcome<T> outcome);

    /// <summary>The same for a result, which most outcomes are.</summary>
    internal virtual Verdict ClassifyResult(T result) => Classify(new Outcome<T>(result, default));
}
