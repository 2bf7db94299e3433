using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>The attempts of a race that are known, by their numbers. An array would check the type of each that is stored.</summary>
[InlineArray(HedgingOptions.MostAttempts)]
internal struct AttemptBuffer
{
    private HedgeAttempt? _first;
}
