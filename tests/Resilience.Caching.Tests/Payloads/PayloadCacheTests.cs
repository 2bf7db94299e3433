using System.Buffers;
using System.IO.Pipelines;
using Resilience.Caching.Tests.Compression;
using Resilience.Testing;

namespace Resilience.Caching.Tests.Payloads;

public sealed class PayloadCacheTests
{
    private static readonly PayloadCacheOptions s_atOnce = new() { ColdShare = 1 };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(600)]
    [InlineData(8_000)]
    [InlineData(90_000)]
    public async Task WhenAPayloadIsSet_EveryWayOfReadingGivesIt(int length)
    {
        foreach (var share in new[] { 0, 0.5, 1 })
        {
            var cache = new PayloadCache(new PayloadCacheOptions { ColdShare = share }, isManual: true);
            var payload = Samples.Json(length);
            Assert.True(cache.Set("key", payload));
            cache.DrainBackground();

            Assert.Equal(payload, cache.Get("key"));
            var room = new byte[length + 1];
            Assert.True(cache.TryGet("a key".AsSpan(2), room, out var written));
            Assert.Equal(payload, room[..written]);
            var writer = new ArrayBufferWriter<byte>();
            Assert.True(cache.TryGet("key", writer));
            Assert.Equal(payload, writer.WrittenSpan.ToArray());
            Assert.True(cache.TryRent("key", out var lease));
            Assert.Equal(payload, lease.Memory.ToArray());
            lease.Dispose();

            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            Assert.True(await cache.CopyToAsync("key", pipe.Writer));
            await pipe.Writer.CompleteAsync();
            Assert.Equal(payload, (await pipe.Reader.ReadAtLeastAsync(length + 1)).Buffer.ToArray());
            Assert.Equal((5, 0), (cache.Snapshot.Hits, cache.Snapshot.Misses));
        }
    }

    [Fact]
    public async Task WhenAKeyIsNotThere_EveryWayOfReadingMisses()
    {
        var cache = new PayloadCache();
        var writer = new ArrayBufferWriter<byte>();
        Assert.Null(cache.Get("key"));
        Assert.False(cache.TryGet("key", new byte[9], out var length));
        Assert.False(cache.TryGet("key", writer));
        Assert.False(cache.TryRent("key", out var lease));
        Assert.False(await cache.CopyToAsync("key", PipeWriter.Create(Stream.Null)));
        Assert.Equal((-1, 0, 5), (length, writer.WrittenCount, cache.Snapshot.Misses));
        Assert.Throws<ObjectDisposedException>(() => lease.Memory);
        lease.Dispose();
    }

    [Fact]
    public async Task WhenCancelledBefore_NothingIsWrittenToThePipe()
    {
        var cache = new PayloadCache();
        cache.Set("key", Samples.Json(600));
        var pipe = new Pipe();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cache.CopyToAsync("key", pipe.Writer, new CancellationToken(canceled: true)));
        Assert.Equal(0, pipe.Writer.UnflushedBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void WhenRoomIsShort_TheLengthIsTold(double share)
    {
        var cache = new PayloadCache(new PayloadCacheOptions { ColdShare = share });
        cache.Set("key", Samples.Json(1_000));
        Assert.False(cache.TryGet("key", new byte[999], out var length));
        Assert.Equal(1_000, length);
        Assert.True(cache.TryGet("key", new byte[1_000], out _));
    }

    [Fact]
    public void WhenShareIsOne_WhatIsLargeEnoughIsCompressedAtOnce_AndWhatIsTooLargeInTheBackground()
    {
        var cache = new PayloadCache(s_atOnce, isManual: true);
        cache.Set("tiny", Samples.Json(511));
        cache.Set("small", Samples.Json(512));
        cache.Set("most", Samples.Json(10_240));
        Assert.Equal((2, 0), (cache.Snapshot.Compressed, cache.Snapshot.Waiting));
        cache.Set("large", Samples.Json(10_241));
        Assert.Equal((2, 1), (cache.Snapshot.Compressed, cache.Snapshot.Waiting));
        Assert.Equal(Samples.Json(10_241), cache.Get("large"));

        cache.DrainBackground();
        Assert.Equal((3, 3), (cache.Snapshot.Compressed, cache.Snapshot.Compressions));
        Assert.Equal(Samples.Json(10_241), cache.Get("large"));
        Assert.Equal(511 + 512 + 10_240 + 10_241, cache.Snapshot.PayloadBytes);
        Assert.True(cache.Bytes < cache.Snapshot.PayloadBytes / 2);
    }

    [Fact]
    public void WhenPayloadsPassTheHotShare_TheOldestUnusedIsCompressed_AndComesBackWhole()
    {
        var cache = Filled(out var payloads);
        cache.DrainBackground();
        Assert.True(cache.Snapshot.Compressed > 0);
        Assert.Equal(0, cache.Snapshot.Recompressions);
        for (var i = 0; i < payloads.Length; i++)
        {
            Assert.Equal(payloads[i], cache.Get($"{i}"));
        }

        Assert.Equal((payloads.Length, 0), (cache.Snapshot.Hits, cache.Snapshot.Corrupt));
        Assert.True(cache.Snapshot.Inflated > 0);
    }

    [Fact]
    public void WhenACompressedPayloadIsUsedMoreThanTheColdest_ItBecomesRaw_AndTheColdestIsCompressed()
    {
        var cache = Filled(out var payloads);
        cache.DrainBackground();
        var key = Enumerable.Range(0, payloads.Length).First(i => IsCompressed(cache, $"{i}"));
        var before = cache.Snapshot;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(payloads[key], cache.Get($"{key}"));
            cache.DrainBackground();
        }

        Assert.False(IsCompressed(cache, $"{key}"));
        Assert.Equal((before.Promotions + 1, before.Compressed), (cache.Snapshot.Promotions, cache.Snapshot.Compressed));
        Assert.Equal(payloads[key], cache.Get($"{key}"));
        Assert.True(cache.Bytes <= cache.Options.MaxBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhenAUsedKeyIsSetAnew_ItIsAsHotAsBefore_AndTheSetCounts(bool hasExpired)
    {
        var time = new ManualClock();
        var cache = new PayloadCache(new PayloadCacheOptions { TimeProvider = time }, isManual: true);
        var mortal = new CacheEntryOptions { TimeToLive = TimeSpan.FromMinutes(1), StaleFor = TimeSpan.FromMinutes(1) };
        cache.Set("hot", Samples.Json(8_000), mortal);
        for (var i = 0; i < 20; i++)
        {
            Assert.NotNull(cache.Get("hot"));
        }

        time.Advance(TimeSpan.FromMinutes(hasExpired ? 1 : 0));
        cache.Set("hot", Samples.Json(8_000), mortal);
        Assert.Equal(1 + 20 + 1, Heat.Of(Stored(cache, "hot").Heat, epoch: 0));
    }

    [Fact]
    public void WhenACompressedPayloadIsUsedLessThanAllRawOnes_ItStaysCompressed()
    {
        var cache = Filled(out var payloads);
        cache.DrainBackground();
        var compressed = Enumerable.Range(0, payloads.Length).Where(i => IsCompressed(cache, $"{i}")).ToArray();
        for (var i = 0; i < payloads.Length * 5; i++)
        {
            if (!compressed.Contains(i % payloads.Length))
            {
                cache.Get($"{i % payloads.Length}");
            }
        }

        foreach (var i in compressed.Concat(compressed).Concat(compressed))
        {
            cache.Get($"{i}");
        }

        cache.DrainBackground();
        Assert.Equal(0, cache.Snapshot.Promotions);
        Assert.All(compressed, i => Assert.True(IsCompressed(cache, $"{i}")));
    }

    [Fact]
    public void WhenTheQueueIsFull_PayloadsStayRaw_UntilThereIsRoom()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 400_000, QueueCapacity = 2, Seed = 1 }, isManual: true);
        for (var i = 0; i < 48; i++)
        {
            cache.Set($"{i}", Samples.Json(8_000, i));
        }

        Assert.Equal((2, 0), (cache.Snapshot.Waiting, cache.Snapshot.Compressed));
        Assert.True(cache.Snapshot.Overflowed > 0);
        for (var i = 48; i < 80; i++)
        {
            cache.DrainBackground();
            cache.Set($"{i}", Samples.Json(8_000, i));
        }

        Assert.True(cache.Snapshot.Compressed >= 32);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public void WhenCompressionIsSwitchedOff_ForAnEntryOrItsKey_ItStaysRaw(double share)
    {
        var options = new PayloadCacheOptions { MaxBytes = 100_000, ColdShare = share, MayCompress = key => !key.StartsWith("secret", StringComparison.Ordinal) };
        var cache = new PayloadCache(options, isManual: true);
        cache.Set("one", Samples.Json(8_000), compress: false);
        cache.Set("secret", Samples.Json(8_000));
        for (var i = 0; i < 9; i++)
        {
            cache.Set($"{i}", Samples.Json(8_000, i));
            cache.DrainBackground();
        }

        Assert.False(IsCompressed(cache, "one"));
        Assert.False(IsCompressed(cache, "secret"));
        Assert.True(cache.Snapshot.Compressed > 0);
    }

    [Fact]
    public void WhenPayloadsDoNotCompress_TheyStayRaw_AndAreNotTriedAgain()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 100_000 }, isManual: true);
        for (var i = 0; i < 12; i++)
        {
            cache.Set($"{i}", Samples.Noise(8_000, i));
            cache.DrainBackground();
        }

        var tried = cache.Snapshot.Incompressible;
        Assert.True(tried > 0);
        cache.Set("last", Samples.Json(600));
        cache.DrainBackground();
        Assert.Equal((0, tried), (cache.Snapshot.Compressed, cache.Snapshot.Incompressible));
    }

    [Fact]
    public void WhenAStoredFrameIsDamaged_ItIsAMiss_CountedAndRemoved()
    {
        var payload = Samples.Json(600);
        var cache = new PayloadCache(s_atOnce, isManual: true);
        cache.Set("key", payload);
        var bits = Stored(cache, "key").Bytes.Length * 8;
        for (var bit = 0; bit < bits; bit++)
        {
            cache.Set("key", payload);
            Stored(cache, "key").Bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var isMiss = (bit % 4) switch
            {
                0 => cache.Get("key") is null,
                1 => !cache.TryGet("key", new byte[600], out var length) && length == -1,
                2 => !cache.TryGet("key", new ArrayBufferWriter<byte>()),
                _ => !cache.TryRent("key", out _),
            };
            Assert.True(isMiss);
            Assert.False(cache.Contains("key"));
        }

        Assert.Equal((bits, bits, 0), (cache.Snapshot.Corrupt, cache.Snapshot.Misses, cache.Snapshot.Hits));
        Assert.Equal((0, 0, 0), (cache.Bytes, cache.Snapshot.PayloadBytes, cache.Snapshot.Compressed));
    }

    [Fact]
    public void WhenAFrameIsDamagedBeforeItBecomesRaw_ItIsRemoved()
    {
        var cache = Filled(out var payloads);
        cache.DrainBackground();
        var key = Enumerable.Range(0, payloads.Length).First(i => IsCompressed(cache, $"{i}")).ToString();
        for (var i = 0; i < 3; i++)
        {
            cache.Get(key);
        }

        Stored(cache, key).Bytes[30] ^= 1;
        cache.DrainBackground();
        Assert.Equal(1, cache.Snapshot.Corrupt);
        Assert.False(cache.Contains(key));
    }

    [Fact]
    public void WhenALeasedEntryIsEvicted_ItsBytesCountUntilTheLeaseIsDisposed()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 1_000, Eviction = CacheEviction.LeastRecentlyUsed });
        // Else it is compressed in the background, sooner or later.
        cache.Set("a", new byte[400], compress: false);
        Assert.True(cache.TryRent("a", out var lease));
        cache.Set("b", new byte[600], compress: false);
        cache.Set("c", new byte[600], compress: false);
        Assert.False(cache.Contains("a"));
        Assert.Equal(400, lease.Memory.Length);
        Assert.Equal((true, 1_000), (cache.Contains("c"), cache.Bytes));
        Assert.False(cache.Set("d", new byte[601], compress: false));

        lease.Dispose();
        Assert.Equal(0, cache.Bytes - (cache.Contains("c") ? 600 : 0));
        Assert.True(cache.Set("d", new byte[1_000], compress: false));
    }

    [Fact]
    public void WhenALeaseIsDisposedAgain_NothingHappens_EvenIfItsPlaceIsUsedAnew()
    {
        var cache = new PayloadCache();
        cache.Set("a", [1]);
        cache.Set("b", [2]);
        Assert.True(cache.TryRent("a", out var first));
        var copy = first;
        first.Dispose();
        Assert.True(cache.TryRent("b", out var second));
        first.Dispose();
        copy.Dispose();
        Assert.Equal([2], second.Memory.ToArray());
        Assert.Throws<ObjectDisposedException>(() => copy.Memory);
        second.Dispose();
    }

    [Fact]
    public void WhenARawPayloadIsLeased_ItIsNotCompressedUntilTheLeaseIsDisposed()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 100_000, ColdShare = 0.9 }, isManual: true);
        cache.Set("leased", Samples.Json(9_000));
        Assert.True(cache.TryRent("leased", out var lease));
        cache.Set("other", Samples.Json(9_000));
        cache.DrainBackground();
        Assert.False(IsCompressed(cache, "leased"));
        Assert.Equal(Samples.Json(9_000), lease.Memory.ToArray());
        lease.Dispose();
        for (var i = 0; i < 5; i++)
        {
            cache.Get("other");
            cache.DrainBackground();
        }

        Assert.Equal((true, false), (IsCompressed(cache, "leased"), IsCompressed(cache, "other")));
    }

    [Fact]
    public void WhenTimePasses_EntriesExpire_AndFormKeepsTheirTime()
    {
        var clock = new ManualClock();
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 20_000, ColdShare = 0.9, TimeProvider = clock }, isManual: true);
        cache.Set("key", Samples.Json(4_000), new CacheEntryOptions { TimeToLive = TimeSpan.FromSeconds(10) });
        clock.Advance(TimeSpan.FromSeconds(6));
        cache.DrainBackground();
        Assert.True(IsCompressed(cache, "key"));
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.NotNull(cache.Get("key"));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(cache.Get("key"));
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public void WhenAPayloadIsLargerThanTheCache_ItIsRefused()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 100 });
        Assert.True(cache.Set("key", new byte[100]));
        Assert.False(cache.Set("key", new byte[101]));
        Assert.False(cache.Contains("key"));
        Assert.Equal((0, 0), (cache.Bytes, cache.Snapshot.PayloadBytes));
    }

    [Fact]
    public void WhenPayloadLiesInPieces_ItIsStoredWhole()
    {
        var payload = Samples.Json(3_000);
        var last = new Piece(payload.AsMemory(1_000), null, 1_000);
        var sequence = new ReadOnlySequence<byte>(new Piece(payload.AsMemory(0, 1_000), last, 0), 0, last, 2_000);
        var cache = new PayloadCache();
        Assert.True(cache.Set("key", sequence));
        Assert.Equal(payload, cache.Get("key"));
    }

    [Fact]
    public void WhenRemovedOrCleared_NothingIsLeft()
    {
        var cache = Filled(out _);
        Assert.True(cache.Remove("3"));
        Assert.False(cache.Remove("3"));
        cache.Clear();
        cache.DrainBackground();
        Assert.Equal((0, 0, 0, 0), (cache.Count, cache.Bytes, cache.Snapshot.PayloadBytes, cache.Snapshot.Compressed));
    }

    // 44 payloads of 8,000 bytes in a cache of 400,000, half of which may be raw.
    private static PayloadCache Filled(out byte[][] payloads)
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 400_000, Seed = 1 }, isManual: true);
        payloads = [.. Enumerable.Range(0, 44).Select(i => Samples.Json(8_000, i))];
        for (var i = 0; i < payloads.Length; i++)
        {
            Assert.True(cache.Set($"{i}", payloads[i]));
        }

        return cache;
    }

    private static Payload Stored(PayloadCache cache, string key) => cache.Core.Find(key)!.Value;

    private static bool IsCompressed(PayloadCache cache, string key) => Stored(cache, key).IsCompressed;

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? next, long index) => (Memory, Next, RunningIndex) = (memory, next, index);
    }
}
