using System.Buffers.Binary;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Latency;

/// <summary>Snapshots: what was written comes back, and nothing else is let in.</summary>
public sealed class LatencyHistogramSnapshotTests
{
    [Fact]
    public void WhenASnapshotIsRestored_EverythingIsAsItWas() => Check.One(Samples.Config("snapshot"), Prop.ForAll(Samples.Lists, list =>
    {
        var (histogram, other) = (LatencyHistogramTests.Fill(list), LatencyHistogramTests.Fill([9, 99, 999]));
        other.Restore(Write(histogram));
        return LatencyHistogramTests.Same(histogram, other) && histogram.MinNanoseconds == other.MinNanoseconds && histogram.MaxNanoseconds == other.MaxNanoseconds;
    }));

    [Fact]
    public void WhenTheHistogramIsEmptyFullOrOverflowed_TheSnapshotComesBack()
    {
        var full = new LatencyHistogram();
        for (var i = 0; i <= Buckets.Overflow; i++)
        {
            full.RecordNanoseconds(Buckets.Low(i), uint.MaxValue - (i % 3));
        }

        full.RecordNanoseconds(long.MaxValue, 1L << 50);
        foreach (var histogram in new[] { new LatencyHistogram(), full })
        {
            var copy = LatencyHistogramTests.Fill([1]);
            Assert.True(copy.TryRestore(Write(histogram)));
            Assert.True(LatencyHistogramTests.Same(histogram, copy));
        }
    }

    [Fact]
    public void WhenTheRoomIsTooShort_NothingIsSaidToBeWritten()
    {
        var histogram = LatencyHistogramTests.Fill([1, 1_000, 1_000_000]);
        var length = Write(histogram).Length;
        for (var room = 0; room < length; room++)
        {
            Assert.False(histogram.TryWriteSnapshot(new byte[room], out var written));
            Assert.Equal(0, written);
        }

        Assert.True(histogram.TryWriteSnapshot(new byte[length], out _));
    }

    [Fact]
    public void WhenASnapshotIsCutOrABitIsFlipped_ItIsRefusedAndNothingChanges()
    {
        var snapshot = Write(LatencyHistogramTests.Fill([1, 1_000, 1_000, 1_000_000, Buckets.Limit]));
        var target = LatencyHistogramTests.Fill([42]);
        for (var length = 0; length < snapshot.Length; length++)
        {
            Assert.Throws<FormatException>(() => target.Restore(snapshot.AsSpan(0, length)));
        }

        Assert.False(target.TryRestore([.. snapshot, 0]));
        for (var bit = 0; bit < snapshot.Length * 8; bit++)
        {
            var flipped = (byte[])snapshot.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(target.TryRestore(flipped), $"bit {bit}");
        }

        Assert.True(LatencyHistogramTests.Same(target, LatencyHistogramTests.Fill([42])));
    }

    // The checksum is made right again: what is wrong must be found in the content.
    [Theory]
    [InlineData(0, 1, "mark")]
    [InlineData(4, 2, "version 2")]
    [InlineData(6, 7, "layout 0207")]
    [InlineData(8, 4, "the count is 4")]
    [InlineData(15, 0xFF, "the count is -")]
    [InlineData(18, 0xFF, "the sum")]
    [InlineData(32, 200, "extremes")]
    [InlineData(42, 1, "extremes")]
    [InlineData(48, 1, "follow its last bucket")]
    [InlineData(48, 9, "end early")]
    [InlineData(51, 0xFF, "end early")]
    [InlineData(52, 0, "repeated, empty or beyond")]
    [InlineData(53, 0, "repeated, empty or beyond")]
    [InlineData(53, 0x80, "end early")]
    public void WhenTheContentLies_TheErrorSaysWhere(int at, byte value, string message)
    {
        var snapshot = Write(LatencyHistogramTests.Fill([1, 1_000, 1_000_000]));
        snapshot[at] = value;
        Sign(snapshot);
        var target = LatencyHistogramTests.Fill([42]);
        var error = Assert.Throws<FormatException>(() => target.Restore(snapshot));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.True(LatencyHistogramTests.Same(target, LatencyHistogramTests.Fill([42])));
    }

    [Fact]
    public void WhenBytesAreRandomButSigned_NothingButAFormatErrorComesOut()
    {
        var random = new Random(7);
        var target = LatencyHistogramTests.Fill([42]);
        for (var run = 0; run < 20_000; run++)
        {
            var snapshot = Write(LatencyHistogramTests.Fill(Samples.Make(random, run % 6, 5)));
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                snapshot[random.Next(8, snapshot.Length)] = (byte)random.Next(256);
            }

            Sign(snapshot);
            if (!target.TryRestore(snapshot))
            {
                continue;
            }

            // Whatever is let in is a histogram: its own snapshot is the same bytes.
            Assert.Equal(snapshot, Write(target));
        }
    }

    private static byte[] Write(LatencyHistogram histogram)
    {
        var room = new byte[LatencyHistogram.MaxSnapshotLength];
        Assert.True(histogram.TryWriteSnapshot(room, out var written));
        return room[..written];
    }

    private static void Sign(byte[] snapshot)
    {
        var crc = uint.MaxValue;
        foreach (var value in snapshot.AsSpan(0, snapshot.Length - 4))
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(snapshot.AsSpan(snapshot.Length - 4), ~crc);
    }
}
