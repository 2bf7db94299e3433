namespace Resilience;

/// <summary>The blocks of buckets from the first to the last that were ever recorded in: the rest need not be read. One word.</summary>
/// <param name="word">The first, and in the upper half the one behind the last.</param>
internal readonly struct BlockRange(int word)
{
    private const int EndShift = 16;

    /// <summary>No block.</summary>
    internal static BlockRange None => new((1 << EndShift) - 1);

    /// <summary>The range as one word.</summary>
    internal int Word => word;

    /// <summary>The first block.</summary>
    internal int First => word & ((1 << EndShift) - 1);

    /// <summary>The block behind the last; not above <see cref="First"/> when there is none.</summary>
    internal int End => word >> EndShift;

    /// <summary>These, <paramref name="block"/>, and what lies between.</summary>
    internal BlockRange With(int block) => new((Math.Max(End, block + 1) << EndShift) | Math.Min(First, block));
}
