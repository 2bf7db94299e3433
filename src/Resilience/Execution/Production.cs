using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>The interleaving of the product: none. Its empty point leaves nothing in the machine code.</summary>
internal readonly struct Production : IInterleaving
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Point(int site)
    {
    }
}
