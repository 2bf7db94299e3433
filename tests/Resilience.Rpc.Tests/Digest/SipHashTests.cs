using System.Buffers.Binary;

namespace Resilience.Rpc.Tests.Digest;

/// <summary>The hash beside the outputs of another implementation: key 00…0f, input 00, 01, 02 and so on.</summary>
public sealed class SipHashTests
{
    [Theory]
    [InlineData(8, "AA12FEE1D5E3DAB4724F16AB35F9C799")]
    [InlineData(9, "81DDB8042CF33994F4720E0094137C42")]
    [InlineData(11, "723B9AF3554491DBB1D6633DFC6E0C4E")]
    [InlineData(12, "E53F92859E4819A8DC0695739FEA8C65")]
    [InlineData(15, "C17E5505B2BD526C2921CDEC1E7E0109")]
    [InlineData(16, "D0A8D95715518EEBB513B0F83D9E1793")]
    [InlineData(23, "1D127B84405CEAB99FD8775A9BE6C559")]
    [InlineData(64, "1253DEF24B4AA5364EC8A759BA6A66C2")]
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
    public void WhenWordsAreAddedOneByOne_TheHashIsTheSame()
    {
        var key = new SipKey(1, 2);
        Span<byte> rest = stackalloc byte[32];
        var hash = new SipHash(key, 7);
        for (var i = 0UL; i < 4; i += 2)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest[((int)i * 8)..], i);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[(((int)i + 1) * 8)..], i + 1);
            hash.Add(new Hash128(i, i + 1));
        }

        DigestMember[] members = [new(new Hash128(0, 1), new Hash128(2, 3)), new(new Hash128(9, 9), default)];
        Assert.Equal(SipHash.Of(key, 7, rest), hash.Finish());
        Assert.Equal(SipHash.Of(key, 7, rest), new SipHash(key, 7).With(members, default));
        Assert.Equal(SipHash.Of(key, 7, rest), new SipHash(key, 7).With(members, [1, 0]));
    }

    [Fact]
    public void WhenNamesAreRemembered_TheirHashesAreTheirOwn()
    {
        var key = new SipKey(3, 4);
        var names = new NameHashes(key);
        var random = new Random(5);
        var drawn = Enumerable.Range(0, 500).Select(_ =>
        {
            var name = new byte[random.Next(0, 20)];
            Array.Fill(name, (byte)'a');
            if (name.Length > 0)
            {
                name[random.Next(name.Length)] = (byte)random.Next(0, 3);
            }

            return name;
        }).ToArray();
        for (var i = 0; i < 5_000; i++)
        {
            var name = drawn[random.Next(drawn.Length)];
            Assert.Equal(SipHash.Of(key, (ulong)System.Text.Json.JsonTokenType.PropertyName, name), names.Of(name, NameWords.Of(name)));
        }
    }

    [Fact]
    public void WhenTheProcessHasDrawnItsKey_ItIsNotZero() => Assert.NotEqual(default, SipKey.Process);
}
