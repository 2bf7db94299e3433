namespace Resilience.Arena;

/// <summary>The body of a good answer.</summary>
internal static class Payload
{
    /// <summary>Its length in bytes: a small JSON document's.</summary>
    public const int Length = 256;
}
