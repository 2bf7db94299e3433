namespace Resilience;

/// <summary>
/// Which parts a short line is compiled with: what most pipelines lack costs them nothing then, and a quarter of breaker.closed otherwise.
/// </summary>
internal interface IShortParts
{
    /// <summary>Whether there may be rules on results.</summary>
    static abstract bool Rules { get; }

    /// <summary>Whether there may be timeouts, and retries at once.</summary>
    static abstract bool All { get; }
}
