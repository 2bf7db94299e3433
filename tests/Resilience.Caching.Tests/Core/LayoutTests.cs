namespace Resilience.Caching.Tests;

/// <summary>What the folder's READMEs say of sizes.</summary>
[Collection(AloneCollection.Name)]
public sealed class LayoutTests
{
    [Fact]
    public void AnEntry_Has96Bytes() => Assert.Equal(96, BytesOf(static () => new CacheEntry<long, object>(1, "", 1)));

    [Fact]
    public void APayload_Has72Bytes_BesideItsArray() => Assert.Equal(72, BytesOf(static () => new Payload([], 0, isCompressed: false)));

    [Theory]
    [InlineData(128, 24_300)]
    [InlineData(2_048, 24_300)]
    [InlineData(8_192, 24_300)]
    public void TheSimulations_TakeWhatIsSaid_WithinATwentieth(int capacity, int bytes) => Assert.InRange(Simulations(capacity), bytes * 0.95, bytes * 1.05);

    private static double Simulations(int capacity) => BytesOf(() =>
    {
        var steering = new Steering(capacity);
        for (var i = 0u; i < 5_000; i++)
        {
            steering.Ask(i * 2_654_435_761);
        }

        return steering;
    });

    private static long BytesOf(Func<object> make)
    {
        GC.KeepAlive(make());
        var before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(make());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
