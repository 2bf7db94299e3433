namespace Resilience;

/// <summary>Makes outcomes where the type of the result can be inferred.</summary>
public static class Outcome
{
    /// <summary>The outcome of a call that returned <paramref name="result"/>.</summary>
    public static Outcome<T> FromResult<T>(T result) => new(result, default);

    /// <summary>The outcome of a call that failed with <paramref name="exception"/>, which need not have been thrown.</summary>
    public static Outcome<T> FromException<T>(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(default, new Fault(exception));
    }
}
