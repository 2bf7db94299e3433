namespace Resilience;

/// <summary>When something else is given instead of an outcome, and what.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public sealed record FallbackOptions<T>
{
    /// <summary>The name in descriptions and errors. Default: "fallback".</summary>
    public string Name { get; init; } = "fallback";

    /// <summary>What is given. Its own failure becomes the outcome, and is classified as any other.</summary>
    public required FallbackAction<T> Action { get; init; }

    /// <summary>
    /// Which verdicts call for it. Default, null: those that are bad or ask for another attempt, hence failures, timeouts and refusals; but
    /// not a call whose caller has cancelled.
    /// </summary>
    public Func<Verdict, bool>? When { get; init; }

    /// <summary>
    /// Called before <see cref="Action"/>, outside of any lock. What it throws fails the call. In a synchronous call it must complete at once.
    /// Default: null.
    /// </summary>
    public Func<FallbackEvent<T>, ValueTask>? OnFallback { get; init; }

    internal FallbackOptions<T> Validated()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        ArgumentNullException.ThrowIfNull(Action);
        return this;
    }
}
