using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Resilience.Benchmarks;

/// <summary>
/// Reads traces, compressed by gzip or not, telling the format by the content: text of one number a line (a key), of three (time, id, size) or of
/// four (first key, how many, ignored, request number); else big-endian keys of 4 or 8 bytes.
/// </summary>
internal static class TraceReader
{
    private const int Looked = 4096;
    private static readonly SearchValues<byte> s_text = SearchValues.Create("0123456789 \t\r\n*-.,"u8);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is none of the formats.</exception>
    public static Trace Read(string path)
    {
        var bytes = Contents(path);
        var name = Path.GetFileName(path).Split('.')[0];
        return IsText(bytes) ? FromText(name, bytes) : new Trace(name, FromBinary(bytes), HasSizes: false);
    }

    private static byte[] Contents(string path)
    {
        using var file = File.OpenRead(path);
        using var memory = new MemoryStream();
        if (path.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var inflated = new GZipStream(file, CompressionMode.Decompress);
            inflated.CopyTo(memory);
        }
        else
        {
            file.CopyTo(memory);
        }

        return memory.ToArray();
    }

    private static bool IsText(byte[] bytes) =>
        bytes.AsSpan(0, Math.Min(Looked, bytes.Length)).IndexOfAnyExcept(s_text) < 0;

    private static Trace FromText(string name, byte[] bytes)
    {
        var requests = new List<Request>();
        Span<Range> fields = stackalloc Range[5];
        var sized = new Dictionary<(long Id, long Size), long>();
        foreach (var line in System.Text.Encoding.ASCII.GetString(bytes).AsSpan().EnumerateLines())
        {
            var count = line.SplitAny(fields, " \t,", StringSplitOptions.RemoveEmptyEntries);
            if (count == 0 || line[fields[0]] is "*")
            {
                continue;
            }

            var first = Number(line[fields[0]]);
            switch (count)
            {
                case 1:
                    requests.Add(new Request(first, 1));
                    break;
                case 3:
                    // The same id with another size is another object.
                    var (id, size) = (Number(line[fields[1]]), Number(line[fields[2]]));
                    ref var key = ref CollectionsMarshal.GetValueRefOrAddDefault(sized, (id, size), out var known);
                    key = known ? key : sized.Count;
                    requests.Add(new Request(key, size));
                    break;
                case 4:
                    var last = first + Number(line[fields[1]]);
                    for (var block = first; block < last; block++)
                    {
                        requests.Add(new Request(block, 1));
                    }

                    break;
                default:
                    throw new InvalidDataException($"{name}: a line of {count} fields is none of the formats.");
            }
        }

        return new Trace(name, [.. requests], sized.Count > 0);
    }

    private static long Number(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture);

    private static Request[] FromBinary(byte[] bytes)
    {
        var isWide = IsWide(bytes);
        var width = isWide ? sizeof(long) : sizeof(int);
        var requests = new Request[bytes.Length / width];
        for (var i = 0; i < requests.Length; i++)
        {
            var key = bytes.AsSpan(i * width);
            requests[i] = new Request(isWide ? BinaryPrimitives.ReadInt64BigEndian(key) : BinaryPrimitives.ReadInt32BigEndian(key), 1);
        }

        return requests;
    }

    // Keys of 8 bytes share their upper half if they are small, and use the highest byte of every half if they are hashes; keys of 4 bytes do neither.
    private static bool IsWide(byte[] bytes)
    {
        var upper = new Dictionary<int, int>();
        var (halves, high) = (0, 0);
        for (var at = 0; at + sizeof(long) <= Math.Min(bytes.Length, Looked); at += sizeof(long))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(upper, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)), out _)++;
            high += (bytes[at] == 0 ? 0 : 1) + (bytes[at + sizeof(int)] == 0 ? 0 : 1);
            halves += 2;
        }

        return bytes.Length % sizeof(long) == 0 && halves > 0 && (upper.Values.Max() * 4 > halves || high * 2 > halves);
    }
}
