using System.Security.Cryptography;

namespace Resilience.Rpc;

/// <summary>The key of a digest. The process has two, drawn when first needed, which nothing shows to the outside.</summary>
/// <param name="K0">The first 8 bytes, little-endian.</param>
/// <param name="K1">The last 8.</param>
internal readonly record struct SipKey(ulong K0, ulong K1)
{
    internal static SipKey Process { get; } = Draw();

    /// <summary>Another, drawn apart: what collides under the one does not under the other.</summary>
    internal static SipKey Second { get; } = Draw();

    private static SipKey Draw()
    {
        Span<byte> entropy = stackalloc byte[16];
        RandomNumberGenerator.Fill(entropy);
        return new SipKey(BitConverter.ToUInt64(entropy), BitConverter.ToUInt64(entropy[8..]));
    }
}
