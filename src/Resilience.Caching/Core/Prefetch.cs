using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Resilience.Caching;

/// <summary>Asks for memory that will be read soon, and does not wait for it: the reads behind the gate's full fence would each wait alone.</summary>
internal static class Prefetch
{
    /// <summary>The line of <paramref name="place"/>; nothing where the processor cannot be asked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Line<T>(ref T place)
    {
        if (Sse.IsSupported)
        {
            // Not pinned: a line that is no longer the one wanted costs nothing.
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
        }
    }
}
