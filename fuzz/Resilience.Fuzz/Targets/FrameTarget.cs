using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Resilience.Caching;

namespace Resilience.Fuzz.Targets;

/// <summary>
/// Frames of payloads. The first byte says what the rest is: a frame as it is, a frame whose mark, lengths and checksum are put right so that
/// its body reaches a decoder, a payload that goes there and back and is then damaged, or a bare Deflate stream. What decodes is compared with
/// the base library's streams.
/// </summary>
public static class FrameTarget
{
    private const int MaxRaw = 1 << 16;
    private const int HeaderLength = 16;
    private const byte Guard = 0xA5;

    private static readonly PayloadCodec s_codec = new(new CompressionOptions { MinimumLength = 32, BrotliFrom = 256, MinimumSaving = 0, MaxRawLength = MaxRaw });

    /// <summary>The shape of a decoder.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="destination">Room for the payload.</param>
    /// <param name="written">The payload's length.</param>
    /// <returns>What reading it came to.</returns>
    public delegate FrameStatus Decoder(ReadOnlySpan<byte> frame, Span<byte> destination, out int written);

    /// <summary>The target and its language.</summary>
    public static FuzzTarget Create() => new("frame", Run, Seeds(), [[0xC7, 1, 0, 0], [0xC7, 1, 1, 0], [0xC7, 1, 2, 0], [0, 0, 1, 0], [3, 0], [0xFF, 0xFF, 0, 0]]);

    /// <summary>Checks the product's codec.</summary>
    /// <param name="input">The bytes.</param>
    public static void Run(ReadOnlySpan<byte> input) => Check(s_codec.Decode, input);

    /// <summary>Checks any decoder, such as one with a known fault.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="input">The bytes.</param>
    public static void Check(Decoder decoder, ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }

        var rest = input[1..];
        Behaviour.Note(input[0] & 3);
        switch (input[0] & 3)
        {
            case 0:
                CheckFrame(decoder, rest);
                break;
            case 1:
                CheckFrame(decoder, Repaired(rest));
                break;
            case 2:
                CheckRoundTrip(decoder, rest, input[0] >> 2);
                break;
            default:
                CheckInflater(rest);
                break;
        }
    }

    private static void CheckFrame(Decoder decoder, ReadOnlySpan<byte> frame)
    {
        var status = Decode(decoder, frame, MaxRaw, out var payload);
        Behaviour.Note((int)status);
        if (status != FrameStatus.Ok)
        {
            return;
        }

        if (Crc(frame) != BinaryPrimitives.ReadUInt32LittleEndian(frame[12..]))
        {
            throw new FuzzFailure($"A damaged frame was believed: {Convert.ToHexStringLower(frame)}");
        }

        var expected = Streams.Decompress((CompressionAlgorithm)frame[2], frame[HeaderLength..], MaxRaw + 1);
        Behaviour.Note(frame[2]);
        Behaviour.Note(BitOperations.Log2((uint)payload.Length + 1));
        if (expected is null || !payload.AsSpan().SequenceEqual(expected))
        {
            throw new FuzzFailure($"The streams of the base library disagree: {payload.Length} bytes of ours, {expected?.Length ?? -1} of theirs.");
        }
    }

    private static void CheckRoundTrip(Decoder decoder, ReadOnlySpan<byte> payload, int choice)
    {
        var buffer = new byte[PayloadCodec.Overhead + payload.Length];
        if (!s_codec.TryEncode(payload, buffer, out var length))
        {
            throw new FuzzFailure($"A payload does not fit with its overhead: {payload.Length} bytes.");
        }

        var frame = buffer.AsSpan(0, length);
        var status = Decode(decoder, frame, payload.Length, out var decoded);
        Behaviour.Note(frame[2]);
        Behaviour.Note(BitOperations.Log2((uint)length));
        if (status != FrameStatus.Ok || !payload.SequenceEqual(decoded))
        {
            throw new FuzzFailure($"A payload came back as another: {status}, {payload.Length} bytes became {decoded.Length}.");
        }

        var at = payload[choice % payload.Length] * 8191 % (length * 8);
        frame[at / 8] ^= (byte)(1 << (at % 8));
        RequireRefused(decoder, frame, payload.Length, "flipped bit");
        frame[at / 8] ^= (byte)(1 << (at % 8));
        RequireRefused(decoder, frame[..(at / 8)], payload.Length, "truncation");
    }

    private static void RequireRefused(Decoder decoder, ReadOnlySpan<byte> frame, int room, string damage)
    {
        var status = Decode(decoder, frame, room, out _);
        Behaviour.Note((int)status);
        if (status == FrameStatus.Ok)
        {
            throw new FuzzFailure($"A {damage} was not noticed: {frame.Length} bytes.");
        }
    }

    private static void CheckInflater(ReadOnlySpan<byte> stream)
    {
        var memory = new byte[MaxRaw];
        var status = Inflater.Inflate(stream, memory, out var used, out var written);
        Behaviour.Note((int)status);
        Behaviour.Note(BitOperations.Log2((uint)written + 1));
        Behaviour.Note(stream[0] & 7);
        var theirs = Streams.Decompress(CompressionAlgorithm.Deflate, stream, MaxRaw + 1);
        if (status == InflateStatus.Done && (theirs is null || used > stream.Length || !theirs.AsSpan().SequenceEqual(memory.AsSpan(0, written))))
        {
            throw new FuzzFailure($"A stream was inflated to something else: {written} bytes, theirs {theirs?.Length ?? -1}.");
        }

        if (status != InflateStatus.Done && theirs is not null && theirs.Length <= MaxRaw)
        {
            throw new FuzzFailure($"A good stream was refused: {status}, theirs {theirs.Length} bytes.");
        }
    }

    // Into memory with a guard behind it: nothing may be written beyond the room.
    private static FrameStatus Decode(Decoder decoder, ReadOnlySpan<byte> frame, int room, out byte[] payload)
    {
        var memory = new byte[room + 64];
        memory.AsSpan(room).Fill(Guard);
        var status = decoder(frame, memory.AsSpan(0, room), out var written);
        if (memory.AsSpan(room).ContainsAnyExcept(Guard) || written > room || (status != FrameStatus.Ok && written != 0))
        {
            throw new FuzzFailure($"The decoder left its room: {status}, {written} of {room} bytes.");
        }

        payload = memory[..written];
        return status;
    }

    private static byte[] Repaired(ReadOnlySpan<byte> rest)
    {
        var frame = new byte[Math.Max(HeaderLength, rest.Length)];
        rest.CopyTo(frame);
        (frame[0], frame[1], frame[2], frame[3]) = (0xC7, 1, (byte)(frame[2] % 3), 0);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(8), frame.Length - HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), Crc(frame));
        return frame;
    }

    // Bit by bit from the polynomial, as an oracle should be.
    private static uint Crc(ReadOnlySpan<byte> frame)
    {
        var crc = uint.MaxValue;
        for (var i = 0; i < frame.Length; i++)
        {
            crc ^= i is >= 12 and < HeaderLength ? 0u : frame[i];
            for (var bit = 0; bit < 8 && i is < 12 or >= HeaderLength; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
            }
        }

        return ~crc;
    }

    private static byte[][] Seeds()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(i => $"{{\"id\":{i * 7919 % 1000},\"name\":\"item {i}\"}},")));
        var seeds = new List<byte[]>();
        foreach (var payload in new[] { [7], text[..31], text[..100], text[..255], text[..300], text, new byte[3000] })
        {
            var frame = new byte[PayloadCodec.Overhead + payload.Length];
            s_codec.TryEncode(payload, frame, out var length);
            seeds.AddRange([[0, .. frame[..length]], [1, .. frame[..length]], [2, .. payload]]);
        }

        foreach (var level in new[] { 0, 1, 9 })
        {
            seeds.AddRange([[3, .. Streams.Deflate(text.AsSpan(0, 200), level)], [3, .. Streams.Deflate(text, level)]]);
        }

        return [.. seeds];
    }
}
