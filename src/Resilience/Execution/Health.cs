namespace Resilience;

/// <summary>What an outcome says about the dependency that produced it.</summary>
public enum Health : byte
{
    /// <summary>The dependency did its work; a breaker counts a success.</summary>
    Good,

    /// <summary>The dependency failed; a breaker counts a failure.</summary>
    Bad,

    /// <summary>Nothing is said: the caller cancelled, or the call never reached the dependency. A breaker returns the permit and counts nothing.</summary>
    None,
}
