using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>The slots of a call that lives on its caller's stack. Deeper pipelines rent an array.</summary>
[InlineArray(Capacity)]
internal struct SlotBuffer
{
    internal const int Capacity = 5;

    private Slot _first;
}
