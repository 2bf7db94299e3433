using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Caching.Tests.Compression;

public sealed class PayloadCodecTests
{
    private static readonly PayloadCodec s_codec = new();
    private static readonly PayloadCodec s_eager = new(new CompressionOptions { MinimumLength = 1, BrotliFrom = 300, MinimumSaving = 0 });

    [Fact]
    public void WhenAnyPayloadIsFramed_ItComesBack()
    {
        var payloads = ArbMap.Default.GeneratorFor<byte[]>().SelectMany(
            bytes => Gen.Choose(1, 200), (bytes, times) => Enumerable.Repeat(bytes, times).SelectMany(b => b).ToArray());
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2_000).WithQuietOnSuccess(true),
            Prop.ForAll(payloads.ToArbitrary(), payload => s_eager.Frame(payload) is var frame
                && frame.Length <= payload.Length + PayloadCodec.Overhead
                && payload.AsSpan().SequenceEqual(Decoded(s_eager, frame))));
    }

    [Theory]
    [InlineData(0, CompressionAlgorithm.None)]
    [InlineData(1, CompressionAlgorithm.None)]
    [InlineData(511, CompressionAlgorithm.None)]
    [InlineData(512, CompressionAlgorithm.Deflate)]
    [InlineData(513, CompressionAlgorithm.Deflate)]
    [InlineData(5_119, CompressionAlgorithm.Deflate)]
    [InlineData(5_120, CompressionAlgorithm.Brotli)]
    [InlineData(5_121, CompressionAlgorithm.Brotli)]
    [InlineData(200_000, CompressionAlgorithm.Brotli)]
    public void WhenLengthIsAtATier_ItsAlgorithmIsTaken(int length, CompressionAlgorithm algorithm)
    {
        var payload = Samples.Json(length);
        var frame = s_codec.Frame(payload);
        Assert.Equal(FrameStatus.Ok, s_codec.ReadHeader(frame, out var info));
        Assert.Equal(new FrameInfo(algorithm, length, frame.Length), info);
        Assert.Equal(payload, Decoded(s_codec, frame));
    }

    [Fact]
    public void WhenTiersAreMoved_TheyAreFollowed()
    {
        var codec = new PayloadCodec(new CompressionOptions { MinimumLength = 100, BrotliFrom = 100 });
        Assert.Equal((CompressionAlgorithm.None, CompressionAlgorithm.Brotli), (codec.AlgorithmFor(99), codec.AlgorithmFor(100)));
        codec = new PayloadCodec(new CompressionOptions { BrotliFrom = int.MaxValue });
        Assert.Equal(CompressionAlgorithm.Deflate, codec.AlgorithmFor(1_000_000));
        codec = new PayloadCodec(new CompressionOptions { MinimumLength = int.MaxValue });
        Assert.Equal(CompressionAlgorithm.None, codec.AlgorithmFor(1_000_000));
    }

    [Theory]
    [InlineData(600)]
    [InlineData(8_000)]
    public void WhenPayloadDoesNotCompress_ItIsStoredAsItIs(int length)
    {
        var noise = Samples.Noise(length);
        var frame = s_codec.Frame(noise);
        Assert.Equal((length + PayloadCodec.Overhead, (byte)CompressionAlgorithm.None), (frame.Length, frame[2]));
        Assert.False(s_codec.TryCompress(noise, new byte[length], out var written));
        Assert.Equal(0, written);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(9_000)]
    public void WhenSavingIsJustEnough_ItIsKept_AndNotOneByteLess(int length)
    {
        var payload = Samples.Json(length);
        var size = s_eager.Frame(payload).Length;
        Assert.Equal(size, Saving((length - size) / (double)length - 1e-9).Frame(payload).Length);
        Assert.Equal(length + PayloadCodec.Overhead, Saving((length - size + 1) / (double)length).Frame(payload).Length);

        static PayloadCodec Saving(double share) => new(s_eager.Options with { MinimumSaving = share });
    }

    [Theory]
    [InlineData(40)]
    [InlineData(290)]
    [InlineData(700)]
    public void WhenFrameIsCutOrABitIsFlipped_NothingIsBelieved(int length)
    {
        var payload = Samples.Json(length);
        var frame = s_eager.Frame(payload);
        var room = new byte[length];
        for (var cut = 0; cut < frame.Length; cut++)
        {
            Assert.NotEqual(FrameStatus.Ok, s_eager.Decode(frame.AsSpan(0, cut), room, out var written));
            Assert.Equal(0, written);
        }

        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(FrameStatus.Ok, s_eager.Decode(frame, room, out _));
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(FrameStatus.WrongLength, s_eager.Decode([.. frame, 0], room, out _));
        Assert.Equal(FrameStatus.Ok, s_eager.Decode(frame, room, out _));
    }

    [Fact]
    public void WhenAFieldIsWrong_TheStatusSaysWhich()
    {
        var frame = s_codec.Frame(Samples.Json(1_000));
        Assert.Equal(FrameStatus.NoFrame, With(0, 0));
        Assert.Equal(FrameStatus.Unsupported, With(1, 2));
        Assert.Equal(FrameStatus.Unsupported, With(2, 3));
        Assert.Equal(FrameStatus.Unsupported, With(3, 1));
        Assert.Equal(FrameStatus.TooLong, With(7, 0x7F));
        Assert.Equal(FrameStatus.TooLong, With(7, 0xFF));
        Assert.Equal(FrameStatus.TooDense, With(6, 0x10));
        Assert.Equal(FrameStatus.WrongLength, With(11, 0xFF));
        Assert.Equal(FrameStatus.WrongChecksum, With(12, (byte)~frame[12]));
        Assert.Equal(FrameStatus.WrongChecksum, With(20, (byte)~frame[20]));

        FrameStatus With(int at, byte value)
        {
            var changed = frame.ToArray();
            changed[at] = value;
            return s_codec.Decode(changed, new byte[1 << 21], out _);
        }
    }

    [Fact]
    public void WhenAlgorithmOrLengthLies_AndTheChecksumFits_TheBodyIsNotBelieved()
    {
        var payload = Samples.Json(1_000);
        var body = s_codec.Frame(payload)[PayloadCodec.Overhead..];
        Assert.Equal(FrameStatus.Ok, Decode(CompressionAlgorithm.Deflate, 1_000));
        Assert.Equal(FrameStatus.WrongBody, Decode(CompressionAlgorithm.Brotli, 1_000));
        Assert.Equal(FrameStatus.WrongBody, Decode(CompressionAlgorithm.None, 1_000));
        Assert.Equal(FrameStatus.WrongBody, Decode(CompressionAlgorithm.Deflate, 999));
        Assert.Equal(FrameStatus.WrongBody, Decode(CompressionAlgorithm.Deflate, 1_001));
        Assert.Equal(FrameStatus.WrongBody, Decode(CompressionAlgorithm.Deflate, 0));

        FrameStatus Decode(CompressionAlgorithm algorithm, int raw) => s_codec.Decode(Forged(algorithm, raw, body), new byte[2_000], out _);
    }

    [Theory]
    [InlineData(CompressionAlgorithm.Brotli)]
    [InlineData(CompressionAlgorithm.Deflate)]
    public void WhenBodyIsABomb_ItStopsAtTheCap(CompressionAlgorithm algorithm)
    {
        var zeros = new byte[32 << 20];
        var body = algorithm == CompressionAlgorithm.Brotli ? Brotli(zeros) : Fuzz.Targets.Streams.Deflate(zeros, 9);
        var memory = new byte[1_100];
        memory.AsSpan(1_000).Fill(7);
        Assert.Equal(FrameStatus.WrongBody, s_codec.Decode(Forged(algorithm, 1_000, body), memory.AsSpan(0, 1_000), out _));
        Assert.Equal(-1, memory.AsSpan(1_000).IndexOfAnyExcept((byte)7));

        var strict = new PayloadCodec(new CompressionOptions { MaxRatio = 100 });
        Assert.Equal(FrameStatus.TooDense, strict.Decode(Forged(algorithm, zeros.Length, body), new Refusing()));
        var small = new PayloadCodec(new CompressionOptions { MaxRawLength = 1 << 20 });
        Assert.Equal(FrameStatus.TooLong, small.Decode(Forged(algorithm, zeros.Length, body), new Refusing()));
    }

    [Fact]
    public void WhenPayloadIsDenserThanARatioAllows_ItIsFramedSoThatItCanBeRead()
    {
        var zeros = new byte[4 << 20];
        var frame = s_codec.Frame(zeros);
        Assert.Equal((byte)CompressionAlgorithm.Deflate, frame[2]);
        Assert.Equal(zeros, Decoded(s_codec, frame));

        var strict = new PayloadCodec(new CompressionOptions { MaxRatio = 2 });
        Assert.Equal((byte)CompressionAlgorithm.None, strict.Frame(zeros)[2]);
    }

    [Fact]
    public void WhenFrameIsBad_TheWriterIsNotAdvanced()
    {
        foreach (var length in new[] { 0, 100, 1_000, 10_000 })
        {
            var payload = Samples.Json(length);
            var frame = s_codec.Frame(payload);
            var writer = new ArrayBufferWriter<byte>();
            Assert.Equal(FrameStatus.Ok, s_codec.Decode(frame, writer));
            Assert.Equal(payload, writer.WrittenSpan);

            frame[^1] ^= 1;
            Assert.Equal(FrameStatus.WrongChecksum, s_codec.Decode(frame, writer));
            Assert.Equal(length, writer.WrittenCount);
        }
    }

    [Fact]
    public void WhenRoomIsShort_ItIsSaid()
    {
        var payload = Samples.Json(1_000);
        var frame = s_codec.Frame(payload);
        Assert.Equal(FrameStatus.DestinationTooSmall, s_codec.Decode(frame, new byte[999], out var written));
        Assert.Equal(0, written);
        Assert.False(s_codec.TryEncode(payload, new byte[frame.Length - 1], out written));
        Assert.True(s_codec.TryEncode(payload, new byte[frame.Length], out written));
        Assert.Equal(frame.Length, written);
        Assert.False(s_codec.TryEncode([1, 2, 3], new byte[PayloadCodec.Overhead + 2], out _));
        Assert.False(s_codec.TryEncode([], [], out _));
    }

    [Fact]
    public void WhenPayloadIsTooLong_ItIsRefusedWithBothLengths()
    {
        var codec = new PayloadCodec(new CompressionOptions { MaxRawLength = 10 });
        Assert.Equal(10 + PayloadCodec.Overhead, codec.Frame(new byte[10]).Length);
        var error = Assert.Throws<ArgumentException>(() => codec.TryEncode(new byte[11], new byte[100], out _));
        Assert.Contains("11 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxRawLength is 10", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Brotli(byte[] payload)
    {
        var body = new byte[1 << 16];
        Assert.True(System.IO.Compression.BrotliEncoder.TryCompress(payload, body, out var written));
        return body[..written];
    }

    // A frame whose every field but the body's content is right.
    private static byte[] Forged(CompressionAlgorithm algorithm, int raw, byte[] body)
    {
        byte[] frame = [.. new byte[PayloadCodec.Overhead], .. body];
        new FrameHeader(algorithm, raw, body.Length).Write(frame);
        return frame;
    }

    private static byte[] Decoded(PayloadCodec codec, byte[] frame)
    {
        Assert.Equal(FrameStatus.Ok, codec.ReadHeader(frame, out var info));
        var payload = new byte[info.RawLength];
        Assert.Equal(FrameStatus.Ok, codec.Decode(frame, payload, out var written));
        Assert.Equal(info.RawLength, written);
        return payload;
    }

    /// <summary>A writer that nothing may be asked of.</summary>
    private sealed class Refusing : IBufferWriter<byte>
    {
        public void Advance(int count) => Assert.Fail("advanced");

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new InvalidOperationException($"asked for {sizeHint}");

        public Span<byte> GetSpan(int sizeHint = 0) => throw new InvalidOperationException($"asked for {sizeHint}");
    }
}
