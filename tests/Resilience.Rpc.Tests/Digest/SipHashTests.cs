using System.Buffers.Binary;

namespace Resilience.Rpc.Tests.Digest;

/// <summary>The hash beside the outputs of another implementation: key 00…0f, input 00, 01, 02 and so on.</summary>
public sealed class SipHashTests
{
    [Theory]
    [InlineData(8, "3B62A9BA6258F5610F83E264F31497B4")]
    [InlineData(9, "264499060AD9BAABC47F8B02BB6D71ED")]
    [InlineData(11, "0151C568386B6677A2B4DC6F81E5DC18")]
    [InlineData(12, "D626B266905EF35882634DF68532C125")]
    [InlineData(15, "5493E99933B0A8117E08EC0F97CFC3D9")]
    [InlineData(16, "6EE2A4CA67B054BBFD3315BF85230577")]
    [InlineData(23, "C9D184DDD5A9F5E0CF8CE29A9ABF691C")]
    [InlineData(64, "1EAF077DC0D4CD3F8CAD4D383658A74B")]
    public void WhenTheKeyIsKnown_TheHashIsThePublishedOne(int length, string expected)
    {
        var input = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var hash = SipHash.Of(new SipKey(0x0706050403020100, 0x0f0e0d0c0b0a0908), BinaryPrimitives.ReadUInt64LittleEndian(input), input.AsSpan(8));
        var output = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(output, hash.First);
        BinaryPrimitives.WriteUInt64LittleEndian(output.AsSpan(8), hash.Second);
        Assert.Equal(expected, Convert.ToHexString(output));
    }

    [Fact]
    public void WhenTheProcessHasDrawnItsKey_ItIsNotZero() => Assert.NotEqual(default, SipKey.Process);
}
