namespace Resilience.Caching.Tests.Compression;

[Collection(AloneCollection.Name)]
public sealed class CodecAllocationTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    [InlineData(8_000)]
    public void WhenAFrameIsDecoded_NothingIsAllocated(int length)
    {
        var codec = new PayloadCodec();
        var frame = codec.Frame(Samples.Json(length));
        var room = new byte[length];
        Assert.Equal(0, AllocatedBy(() => codec.Decode(frame, room, out _)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(8_000)]
    public void WhenAFrameIsMadeWithoutDeflate_NothingIsAllocated(int length)
    {
        var codec = new PayloadCodec();
        var payload = Samples.Json(length);
        var frame = new byte[length + PayloadCodec.Overhead];
        Assert.Equal(0, AllocatedBy(() => codec.TryEncode(payload, frame, out _)));
    }

    // Rounds until the compiler is done; then a whole round must be free.
    internal static long AllocatedBy(Action action)
    {
        var allocated = long.MaxValue;
        for (var round = 0; round < 20 && allocated != 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 500; i++)
            {
                action();
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return allocated;
    }
}
