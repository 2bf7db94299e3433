using System.Buffers;

namespace Resilience.Caching.Tests.Payloads;

public sealed class PayloadWriterTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(100_000, 1)]
    [InlineData(100_000, 3_333)]
    [InlineData(5_000, 5_000)]
    public void WhenItIsWrittenInPieces_TheyAreAllThere(int length, int piece)
    {
        var bytes = Compression.Samples.Noise(length, 1);
        using var writer = new PayloadWriter();
        for (var at = 0; at < length; at += piece)
        {
            var part = bytes.AsSpan(at, Math.Min(piece, length - at));
            part.CopyTo(at % 2 == 0 ? writer.GetSpan(part.Length) : writer.GetMemory(part.Length).Span);
            writer.Advance(part.Length);
        }

        Assert.Equal(bytes, writer.ToArray());
    }

    [Fact]
    public void WhenItIsMisused_ItSaysSo()
    {
        var writer = new PayloadWriter();
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(1));
        var room = writer.GetSpan().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.GetSpan(-1));
        writer.Advance(room);
        Assert.Throws<InvalidOperationException>(() => writer.GetSpan(int.MaxValue));
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.GetMemory());
        Assert.Throws<ObjectDisposedException>(() => writer.Advance(0));
    }
}
