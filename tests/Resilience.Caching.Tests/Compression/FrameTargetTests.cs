using Resilience.Fuzz;
using Resilience.Fuzz.Targets;

namespace Resilience.Caching.Tests.Compression;

/// <summary>Decoders with known faults: a target that passes one of them proves nothing.</summary>
public sealed class FrameTargetTests
{
    private const int Executions = 60_000;
    private static readonly PayloadCodec s_codec = new(new CompressionOptions { MaxRawLength = 1 << 16 });

    [Fact]
    public void Product_Passes() => Assert.Null(Fuzz(s_codec.Decode));

    [Fact]
    public void WhenTheChecksumIsNotLookedAt_Caught() => AssertCaught((frame, destination, out written) =>
    {
        written = 0;
        byte[] repaired = [.. frame];
        if (FrameHeader.Read(frame, s_codec.Options, out var header) == FrameStatus.Ok)
        {
            header.Write(repaired);
        }

        return s_codec.Decode(repaired, destination, out written);
    });

    [Fact]
    public void WhenTheLengthOfTheBodyIsNotLookedAt_Caught() => AssertCaught((frame, destination, out written) =>
    {
        written = 0;
        byte[] padded = [.. frame, .. new byte[64]];
        return frame.Length < 16 ? FrameStatus.WrongLength
            : s_codec.Decode(padded.AsSpan(0, Math.Min(padded.Length, 16 + Math.Abs(BitConverter.ToInt32(padded, 8) % 5_000))), destination, out written);
    });

    [Fact]
    public void WhenTheRawLengthIsOffByOne_Caught() => AssertCaught((frame, destination, out written) =>
    {
        var status = s_codec.Decode(frame, destination, out written);
        written -= written > 100 ? 1 : 0;
        return status;
    });

    [Fact]
    public void WhenAByteIsWrittenBeyondTheRoom_Caught() => AssertCaught((frame, destination, out written) =>
    {
        var status = s_codec.Decode(frame, destination, out written);
        System.Runtime.CompilerServices.Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(destination), destination.Length) = 0;
        return status;
    });

    [Fact]
    public void WhenABitIsReadAsItsNeighbour_Caught() => AssertCaught((frame, destination, out written) =>
    {
        var status = s_codec.Decode(frame, destination, out written);
        if (written > 40)
        {
            (destination[20], destination[21]) = (destination[21], destination[20]);
        }

        return status;
    });

    private static void AssertCaught(FrameTarget.Decoder decoder)
    {
        var crash = Fuzz(decoder);
        Assert.NotNull(crash);
        Assert.IsType<FuzzFailure>(crash.Error);
    }

    private static Crash? Fuzz(FrameTarget.Decoder decoder)
    {
        var target = FrameTarget.Create() with { Run = input => FrameTarget.Check(decoder, input) };
        return new Campaign(target, seed: 1).Run(target.Seeds, TimeSpan.MaxValue, Executions);
    }
}
