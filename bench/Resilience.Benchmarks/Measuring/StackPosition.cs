using System.Runtime.CompilerServices;

namespace Resilience.Benchmarks;

/// <summary>
/// Where in a cache line the frames of a round begin. A call's cost may hang on it by a half, and it changes with the caller: a row is the
/// mean over every position.
/// </summary>
internal static class StackPosition
{
    /// <summary>How many there are: a line of 64 bytes, a stack aligned to 16.</summary>
    public const int Count = 4;
    private const int Alignment = 16;

    /// <summary>Runs <paramref name="work"/> that many steps further down the stack than the caller would.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static long Run(Func<int, long> work, int calls, int position)
    {
        Span<byte> above = stackalloc byte[Alignment * (1 + position)];
        Keep(above);
        return work(calls);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(Span<byte> bytes) => bytes[0] = 1;
}
