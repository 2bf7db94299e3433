using Resilience.Fuzz.Targets;

namespace Resilience.Caching.Tests.Compression;

public sealed class InflaterTests
{
    public static TheoryData<byte[]> Payloads => new(
        [7], Samples.Json(100), Samples.Json(5_000), Samples.Json(300_000), Samples.Noise(1), Samples.Noise(70_000),
        Samples.Skewed(100_000), new byte[100_000], [.. Samples.Json(40_000), .. Samples.Noise(2_000), .. Samples.Json(40_000)]);

    [Theory]
    [MemberData(nameof(Payloads))]
    public void WhenAStreamOfAnyLevelIsInflated_TheContentComesBack(byte[] payload)
    {
        for (var level = 0; level <= 9; level++)
        {
            var stream = Streams.Deflate(payload, level);
            var room = new byte[payload.Length];
            var status = Inflater.Inflate([.. stream, 1, 2, 3, 4, 5, 6, 7, 8, 9], room, out var used, out var written);
            Assert.Equal((InflateStatus.Done, stream.Length, payload.Length), (status, used, written));
            Assert.Equal(payload, room);
        }
    }

    [Theory]
    [InlineData("0300")]
    [InlineData("010000ffff")]
    [InlineData("000000ffff0300")]
    public void WhenAStreamIsEmpty_ItIsDone(string stream)
    {
        var bytes = Convert.FromHexString(stream);
        Assert.Equal(InflateStatus.Done, Inflater.Inflate(bytes, [], out var used, out var written));
        Assert.Equal((bytes.Length, 0), (used, written));
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public void WhenAStreamIsCut_ItIsTruncated(byte[] payload)
    {
        foreach (var level in new[] { 0, 1, 9 })
        {
            var stream = Streams.Deflate(payload, level);
            var room = new byte[payload.Length];
            foreach (var cut in Enumerable.Range(0, stream.Length).Where(at => at < 300 || at > stream.Length - 300))
            {
                Assert.Equal(InflateStatus.Truncated, Inflater.Inflate(stream.AsSpan(0, cut), room, out var used, out var written));
                Assert.Equal((0, 0), (used, written));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public void WhenRoomIsOneByteShort_ItIsTooLong(byte[] payload)
    {
        foreach (var level in new[] { 0, 1, 9 }.Where(_ => payload.Length > 0))
        {
            var room = new byte[payload.Length - 1];
            Assert.Equal(InflateStatus.TooLong, Inflater.Inflate(Streams.Deflate(payload, level), room, out _, out _));
        }
    }

    // Block type 3; lengths of a stored block that do not mirror; fixed codes 286 and 30; a distance beyond the start; 287 literals;
    // no end of block; a repeat of nothing; an oversubscribed code.
    [Theory]
    [InlineData("07")]
    [InlineData("010500fbff00")]
    [InlineData("1bff00")]
    [InlineData("030600")]
    [InlineData("4b044e0000")]
    [InlineData("f500000000000000000000000000")]
    [InlineData("05000000000000000000000000")]
    [InlineData("0500ff000000000000000000000000")]
    public void WhenAStreamBreaksTheFormat_ItIsInvalid_AsItIsForTheBaseLibrary(string stream)
    {
        var bytes = Convert.FromHexString(stream);
        var status = Inflater.Inflate(bytes, new byte[1_000], out _, out _);
        Assert.True(status is InflateStatus.Invalid or InflateStatus.Truncated, $"{status}");
        Assert.Null(Streams.Decompress(CompressionAlgorithm.Deflate, bytes, 1_000));
    }
}
