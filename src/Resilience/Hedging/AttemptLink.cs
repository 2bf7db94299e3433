namespace Resilience;

/// <summary>A reference to an attempt of a race that does not outlive it: once the object serves another race, the link says nothing.</summary>
internal readonly struct AttemptLink(HedgeAttempt attempt)
{
    private readonly HedgeAttempt? _attempt = attempt;
    private readonly int _use = attempt.Use;

    /// <summary>Whether the attempt was cancelled because another one won.</summary>
    internal bool IsOutpaced => _attempt?.IsOutpacedAs(_use) == true;
}
