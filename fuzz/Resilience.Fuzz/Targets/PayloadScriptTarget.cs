using System.Buffers;
using System.Runtime.InteropServices;
using Resilience.Caching;
using Resilience.Testing;

namespace Resilience.Fuzz.Targets;

/// <summary>
/// A script for a payload cache beside a dictionary with times. The first byte chooses the share that is compressed and whether the cache is
/// large enough for everything; then three bytes an operation: what, key, argument. A large cache must answer as the dictionary does; a small one
/// may miss, but never answer otherwise, hold more than its bytes, or lose count of them. Operations set, read in every way, create, lease, remove,
/// enumerate, resize, let time pass and let the background work.
/// </summary>
public static class PayloadScriptTarget
{
    private const int Keys = 8;
    private const int Operations = 12;
    private const int Remove = 11;
    private const int Small = 1_500;
    private const int Large = 1 << 20;
    private const string Text = "{\"name\":\"item\",\"price\":12.50,\"stock\":3,\"tags\":[\"new\",\"red\"]},";

    /// <summary>The target and its language.</summary>
    public static FuzzTarget Create() => new("payload-cache", Run, Seeds(), [[0, 1, 200], [2, 1, 0], [5, 0, 0], [6, 0, 9], [4, 1, 0], [8, 1, 200], [9, 0, 0], [10, 0, 128]]);

    /// <summary>Checks the product.</summary>
    /// <param name="input">The bytes.</param>
    public static void Run(ReadOnlySpan<byte> input) => Check(PayloadFault.None, input);

    /// <summary>Checks the product with one thing wrong.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="input">The bytes.</param>
    public static void Check(PayloadFault fault, ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        var clock = new ManualClock();
        var isLarge = (input[0] & 4) == 0;
        var cache = new PayloadCache(
            new PayloadCacheOptions
            {
                MaxBytes = isLarge ? Large : Small,
                ColdShare = (input[0] & 3) switch { 0 => 0, 1 => 1, 2 => isLarge ? 0.9999 : 0.6, _ => isLarge ? 0.999 : 0.9 },
                Compression = new CompressionOptions { MinimumLength = 40, BrotliFrom = 400 },
                BackgroundAbove = 600,
                QueueCapacity = 4,
                TimeProvider = fault == PayloadFault.StopsTheClock ? new ManualClock() : clock,
                Seed = 1,
            },
            isManual: true);
        var model = new Dictionary<string, (byte[] Bytes, DateTimeOffset End)>();
        var leases = new List<(PayloadLease Lease, byte[] Bytes)>();
        for (var at = 1; at + 3 <= input.Length; at += 3)
        {
            var what = input[at] % Operations;
            if (what != Remove || fault != PayloadFault.ForgetsRemovals)
            {
                Step(cache, clock, model, leases, isLarge, (what, $"{input[at + 1] % Keys}", input[at + 2]));
            }
            else
            {
                model.Remove($"{input[at + 1] % Keys}");
            }

            if (fault == PayloadFault.WritesIntoLeases)
            {
                leases.ForEach(held => MemoryMarshal.AsMemory(held.Lease.Memory).Span.Clear());
            }

            Require(cache.Bytes <= cache.Options.MaxBytes, "The bytes pass their bound", $"{cache.Bytes}");
        }

        leases.ForEach(held => Release(held, returns: fault != PayloadFault.KeepsLeases));
        cache.Clear();
        cache.DrainBackground();
        var end = cache.Snapshot;
        Behaviour.Note(input[0] & 7);
        Behaviour.Note(Few(end.Compressions) | (Few(end.Recompressions) << 2) | (Few(end.Promotions) << 4) | (Few(end.Incompressible) << 6));
        Behaviour.Note(Few(end.Inflated) | (Few(end.Overflowed) << 2) | (Few(end.Misses) << 4));
        Require(end is { Bytes: 0, PayloadBytes: 0, Compressed: 0, Entries: 0, Corrupt: 0 } && cache.HotBytes == 0, "Something is left or lost", $"{end}");
    }

    private static void Step(
        PayloadCache cache,
        ManualClock clock,
        Dictionary<string, (byte[] Bytes, DateTimeOffset End)> model,
        List<(PayloadLease Lease, byte[] Bytes)> leases,
        bool isLarge,
        (int What, string Key, byte Argument) operation)
    {
        var (what, key, argument) = operation;
        switch (what)
        {
            case 0 or 1:
                Set(cache, clock, model, isLarge, key, argument);
                break;
            case 2:
                var bytes = cache.Get(key);
                Compare(clock, model, isLarge, key, bytes);
                break;
            case 3:
                var room = new byte[2_000];
                Compare(clock, model, isLarge, key, cache.TryGet(key, room, out var length) ? room[..length] : null);
                break;
            case 4 when leases.Count < 8 && cache.TryRent(key, out var lease):
                Compare(clock, model, isLarge, key, lease.Memory.ToArray());
                leases.Add((lease, lease.Memory.ToArray()));
                break;
            case 5:
                cache.DrainBackground();
                break;
            case 6:
                clock.Advance(TimeSpan.FromSeconds(argument));
                break;
            case 7 when leases.Count > 0:
                Release(leases[argument % leases.Count], returns: true);
                leases.RemoveAt(argument % leases.Count);
                break;
            case 8:
                Create(cache, clock, model, isLarge, key, argument);
                break;
            case 9:
                var fresh = model.Where(entry => clock.GetUtcNow() < entry.Value.End).Select(static entry => entry.Key).ToHashSet();
                Require(isLarge ? fresh.SetEquals(cache.Keys) : fresh.IsSupersetOf(cache.Keys), "The keys are others", string.Join(' ', cache.Keys));
                break;
            case 10:
                cache.Resize((isLarge ? Large : Small) >> (argument & 1), isLarge || argument < 128 ? PayloadCacheOptions.MostEntries : 3);
                break;
            default:
                cache.Remove(key);
                model.Remove(key);
                break;
        }
    }

    private static void Set(
        PayloadCache cache, ManualClock clock, Dictionary<string, (byte[] Bytes, DateTimeOffset End)> model, bool isLarge, string key, byte argument)
    {
        var bytes = Payload(argument);
        var isStored = cache.Set(key, bytes, Times(argument), argument % 5 != 0);
        Require(isStored || !isLarge, "A payload was refused", $"{bytes.Length}");
        model[key] = (bytes, End(clock, argument));
    }

    private static void Create(
        PayloadCache cache, ManualClock clock, Dictionary<string, (byte[] Bytes, DateTimeOffset End)> model, bool isLarge, string key, byte argument)
    {
        var isCreated = false;
        var call = cache.GetOrCreateAsync(
            key,
            (writer, _) =>
            {
                isCreated = true;
                writer.Write(Payload(argument));
                return default;
            },
            Times(argument), argument % 5 != 0);
        Require(call.IsCompletedSuccessfully, "A creation is under way", key);
        using var lease = call.Result;
        if (isCreated)
        {
            var isThere = model.TryGetValue(key, out var entry) && clock.GetUtcNow() < entry.End;
            Require(!isThere || !isLarge, "A payload was created that is there", key);
            model[key] = (Payload(argument), End(clock, argument));
        }

        Compare(clock, model, isLarge, key, lease.Memory.ToArray());
    }

    private static byte[] Payload(byte argument)
    {
        var bytes = new byte[argument * 5];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(argument % 7 == 0 ? i * i * argument : Text[(i + argument) % Text.Length]);
        }

        return bytes;
    }

    private static CacheEntryOptions? Times(byte argument) =>
        argument % 2 == 0 ? null : new CacheEntryOptions { TimeToLive = TimeSpan.FromSeconds(argument) };

    private static DateTimeOffset End(ManualClock clock, byte argument) =>
        argument % 2 == 0 ? DateTimeOffset.MaxValue : clock.GetUtcNow().AddSeconds(argument);

    private static void Compare(
        ManualClock clock, Dictionary<string, (byte[] Bytes, DateTimeOffset End)> model, bool isLarge, string key, byte[]? bytes)
    {
        var expected = model.TryGetValue(key, out var entry) && clock.GetUtcNow() < entry.End ? entry.Bytes : null;
        Require(bytes is not null || expected is null || !isLarge, "A payload is missing", key);
        Require(bytes is null || (expected is not null && bytes.AsSpan().SequenceEqual(expected)), "A payload is another", key);
    }

    private static int Few(long count) => (int)Math.Min(count, 3);

    private static void Release((PayloadLease Lease, byte[] Bytes) held, bool returns)
    {
        Require(held.Lease.Memory.Span.SequenceEqual(held.Bytes), "A lease's bytes have changed", $"{held.Bytes.Length}");
        if (returns)
        {
            held.Lease.Dispose();
            held.Lease.Dispose();
        }
    }

    private static void Require(bool holds, string what, string detail)
    {
        if (!holds)
        {
            throw new FuzzFailure($"{what}: {detail}");
        }
    }

    private static byte[][] Seeds() =>
    [
        .. Enumerable.Range(0, 8).SelectMany(mode => new byte[][]
        {
            [(byte)mode, 0, 1, 100, 2, 1, 0, 3, 1, 0],
            [(byte)mode, 0, 1, 200, 0, 2, 201, 0, 3, 202, 5, 0, 0, 2, 1, 0, 2, 1, 0, 5, 0, 0, 2, 1, 0, 0, 1, 90],
            [(byte)mode, 0, 1, 101, 4, 1, 0, 0, 1, 150, 0, 2, 180, 5, 0, 0, 7, 0, 0, 6, 0, 101, 2, 1, 0],
            [(byte)mode, 8, 1, 101, 9, 0, 0, 8, 1, 200, 10, 0, 129, 8, 2, 200, 10, 0, 0, 6, 0, 101, 8, 1, 180, 11, 1, 0, 2, 1, 0, 9, 0, 0],
        }),
    ];
}
