using System.IO.Compression;
using Resilience.Caching;

namespace Resilience.Benchmarks;

/// <summary>The verb "compression": what each algorithm and level saves, and what it costs, by length of a JSON payload.</summary>
internal static class CompressionMain
{
    private const int Payloads = 32;
    private const double Round = 20_000_000;
    private const int Rounds = 5;
    private const int WarmUps = 3_000;
    private static readonly int[] s_lengths = [700, 2_000, 5_000, 7_500, 10_000, 64_000];

    private static readonly (string Name, CompressionOptions Options)[] s_levels =
    [
        .. new[] { 1, 6, 9 }.Select(level => ($"deflate {level}", Only(new CompressionOptions { DeflateLevel = level, BrotliFrom = int.MaxValue }))),
        .. new[] { 1, 4, 5, 11 }.Select(quality => ($"brotli {quality}", Only(new CompressionOptions { BrotliQuality = quality, BrotliFrom = 0 }))),
    ];

    public static int Run()
    {
        Console.WriteLine("Frames of JSON, header included. Microseconds of processor time a payload.");
        Console.WriteLine();
        Console.WriteLine("| bytes | how | ratio | compress µs | inflate µs | stream's inflate µs |");
        Console.WriteLine("|--:|---|--:|--:|--:|--:|");
        WarmUp();
        foreach (var length in s_lengths)
        {
            var payloads = Enumerable.Range(0, Payloads).Select(i => JsonPayload.Of(i, length)).ToArray();
            foreach (var (name, options) in s_levels)
            {
                Measure(name, new PayloadCodec(options), payloads);
            }
        }

        return Exit.Done;
    }

    // Until the JIT has compiled its last tier: a tenth of a second after enough calls, in the background.
    private static void WarmUp()
    {
        var payload = JsonPayload.Of(0, s_lengths[0]);
        var room = new byte[payload.Length + PayloadCodec.Overhead];
        foreach (var codec in new[] { s_levels[0], s_levels[^2] }.Select(level => new PayloadCodec(level.Options)))
        {
            for (var i = 0; i < WarmUps; i++)
            {
                codec.TryEncode(payload, room, out var written);
                codec.Decode(room.AsSpan(0, written), new byte[payload.Length], out _);
            }
        }

        Thread.Sleep(500);
    }

    private static void Measure(string name, PayloadCodec codec, byte[][] payloads)
    {
        var length = payloads[0].Length;
        var room = new byte[length + PayloadCodec.Overhead];
        var frames = payloads.Select(payload => room[..(codec.TryEncode(payload, room, out var written) ? written : 0)]).ToArray();
        var ratio = frames.Average(frame => (double)frame.Length) / length;
        var compress = Time(i => codec.TryEncode(payloads[i], room, out _));
        var inflate = Time(i => codec.Decode(frames[i], room, out _));
        var stream = Time(i => InflateByStream(frames[i], room));
        Console.WriteLine($"| {length:N0} | {name} | {ratio:0.000} | {compress:0.0} | {inflate:0.0} | {stream:0.0} |");
    }

    private static void InflateByStream(byte[] frame, byte[] room)
    {
        using var source = new MemoryStream(frame, PayloadCodec.Overhead, frame.Length - PayloadCodec.Overhead);
        using Stream stream = frame[2] == (byte)CompressionAlgorithm.Brotli
            ? new BrotliStream(source, CompressionMode.Decompress)
            : new DeflateStream(source, CompressionMode.Decompress);
        stream.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
    }

    // The fastest of some rounds over all payloads.
    private static double Time(Action<int> action)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = ThreadClock.Nanoseconds;
            var calls = 0;
            double elapsed;
            do
            {
                action(calls++ % Payloads);
                elapsed = ThreadClock.Nanoseconds - start;
            }
            while (elapsed < Round || calls < Payloads);
            best = Math.Min(best, elapsed / calls);
        }

        return best / 1_000;
    }

    private static CompressionOptions Only(CompressionOptions options) => options with { MinimumLength = 1, MinimumSaving = 0 };
}
