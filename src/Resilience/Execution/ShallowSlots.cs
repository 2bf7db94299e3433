using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The slots of a call through few strategies. What lies on the stack and holds references is cleared on entry, and the three slots that
/// this spares are measured in pipeline.empty and breaker.closed.
/// </summary>
[InlineArray(Capacity)]
internal struct ShallowSlots
{
    internal const int Capacity = 2;

    private Slot _first;
}
