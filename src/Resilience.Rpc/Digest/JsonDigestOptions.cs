namespace Resilience.Rpc;

/// <summary>
/// What a digest compares. A path names members by their names with dots between, <c>*</c> for any member and <c>[]</c> for every element
/// of an array: <c>transactions[].input</c>. Two dots before a single name mean that name at any depth: <c>..yParity</c>. All paths
/// together are at most 64.
/// </summary>
public sealed record JsonDigestOptions
{
    /// <summary>What does not count, whether it is there or not. Default: nothing.</summary>
    public IReadOnlyList<string> IgnoredPaths { get; init; } = [];

    /// <summary>All that counts, with what lies below; empty for everything. No path may begin with two dots. Default: everything.</summary>
    public IReadOnlyList<string> ProjectedPaths { get; init; } = [];

    /// <summary>Where the case of a hexadecimal string says nothing: <c>0xAB</c> is <c>0xab</c>. Default: nowhere.</summary>
    public IReadOnlyList<string> HexDataPaths { get; init; } = [];

    /// <summary>Where case and leading zeros of a hexadecimal string say nothing: <c>0x0A</c> is <c>0xa</c>. Default: nowhere.</summary>
    public IReadOnlyList<string> HexQuantityPaths { get; init; } = [];

    /// <summary>The deepest nesting, from 1 to 1,000. Default: 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>The longest token in bytes, from 64 to 2³⁰; it is what a reading keeps at most of its input. Default: 4 MiB.</summary>
    public int MaxTokenBytes { get; init; } = 4 << 20;

    /// <summary>The most members that open objects may have together, from 16 to 2²⁴; 32 bytes are kept for each. Default: 65,536.</summary>
    public int MaxOpenMembers { get; init; } = 65_536;

    internal JsonDigestOptions Validated()
    {
        Limits.Check(nameof(MaxDepth), MaxDepth, 1, 1_000);
        Limits.Check(nameof(MaxTokenBytes), MaxTokenBytes, 64, 1 << 30);
        Limits.Check(nameof(MaxOpenMembers), MaxOpenMembers, 16, 1 << 24);
        return this;
    }
}
