namespace Resilience.Rpc;

/// <summary>The two words of a 128-bit hash.</summary>
/// <param name="First">The first word of the output.</param>
/// <param name="Second">The second.</param>
internal readonly record struct Hash128(ulong First, ulong Second)
{
    internal UInt128 ToUInt128() => new(Second, First);
}
