using System.Buffers.Binary;

namespace Resilience.Fuzz.Targets;

/// <summary>
/// Snapshots of latency histograms. The first byte says what the rest is: a snapshot as it is, one whose beginning and checksum are put right,
/// or durations to record, snapshot and damage. What is restored must write the same bytes again; what is refused must change nothing.
/// </summary>
public static class SnapshotTarget
{
    private const int ChecksumLength = 4;
    private const int FixedLength = 8;

    /// <summary>The shape of a restorer.</summary>
    /// <param name="histogram">What to restore into.</param>
    /// <param name="snapshot">The bytes.</param>
    /// <returns>Whether they were taken.</returns>
    public delegate bool Restorer(LatencyHistogram histogram, ReadOnlySpan<byte> snapshot);

    /// <summary>The target and its language.</summary>
    public static FuzzTarget Create() => new("snapshot", Run, Seeds(), [[0x80, 0x01], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x80, 0x00], [1, 1, 1, 1]]);

    /// <summary>Checks the product.</summary>
    /// <param name="input">The bytes.</param>
    public static void Run(ReadOnlySpan<byte> input) => Check(static (histogram, snapshot) => histogram.TryRestore(snapshot), input);

    /// <summary>Checks any restorer, such as one with a known fault.</summary>
    /// <param name="restorer">The restorer.</param>
    /// <param name="input">The bytes.</param>
    public static void Check(Restorer restorer, ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }

        Behaviour.Note(input[0] % 3);
        switch (input[0] % 3)
        {
            case 0:
                CheckSnapshot(restorer, input[1..]);
                break;
            case 1:
                CheckSnapshot(restorer, Repaired(input[1..]));
                break;
            default:
                CheckRoundTrip(restorer, input[1..]);
                break;
        }
    }

    private static void CheckSnapshot(Restorer restorer, ReadOnlySpan<byte> snapshot)
    {
        var histogram = new LatencyHistogram();
        histogram.RecordNanoseconds(1_000);
        var before = Write(histogram);
        var isTaken = restorer(histogram, snapshot);
        var after = Write(histogram);
        Behaviour.Note(isTaken ? 1 : 0);
        if (!snapshot.SequenceEqual(after) && isTaken)
        {
            throw new FuzzFailure($"A restored histogram writes another snapshot: {Convert.ToHexStringLower(snapshot)}");
        }

        if (!isTaken && !before.AsSpan().SequenceEqual(after))
        {
            throw new FuzzFailure($"A refused snapshot changed the histogram: {Convert.ToHexStringLower(snapshot)}");
        }

        var flaw = Flaw(snapshot);
        Behaviour.Note(flaw is null ? 0 : Kind(flaw));
        if (isTaken != flaw is null)
        {
            throw new FuzzFailure($"Restoring with and without exception differ: {isTaken}, {flaw}");
        }
    }

    private static void CheckRoundTrip(Restorer restorer, ReadOnlySpan<byte> bytes)
    {
        var histogram = new LatencyHistogram();
        for (var at = 0; at + 2 <= bytes.Length; at += 2)
        {
            // A magnitude and a mantissa, so that every octave comes.
            histogram.RecordNanoseconds((long)bytes[at] << (bytes[at + 1] % 48), 1 + (bytes[at + 1] >> 6));
        }

        var snapshot = Write(histogram);
        var copy = new LatencyHistogram();
        if (!restorer(copy, snapshot) || !snapshot.AsSpan().SequenceEqual(Write(copy)) || copy.Count != histogram.Count)
        {
            throw new FuzzFailure($"A snapshot came back as another: {copy.Count} of {histogram.Count} records.");
        }

        var bit = ((bytes[0] << 8) | bytes[^1]) * 31 % (snapshot.Length * 8);
        snapshot[bit / 8] ^= (byte)(1 << (bit % 8));
        CheckRefused(restorer, snapshot, "flipped bit");
        snapshot[bit / 8] ^= (byte)(1 << (bit % 8));
        CheckRefused(restorer, snapshot.AsSpan(0, bit / 8), "truncation");
    }

    private static void CheckRefused(Restorer restorer, ReadOnlySpan<byte> snapshot, string damage)
    {
        if (restorer(new LatencyHistogram(), snapshot))
        {
            throw new FuzzFailure($"A {damage} was not noticed: {snapshot.Length} bytes.");
        }
    }

    private static string? Flaw(ReadOnlySpan<byte> snapshot)
    {
        try
        {
            new LatencyHistogram().Restore(snapshot);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    // The first words behind the colon, which say what kind of flaw it is.
    private static int Kind(string message)
    {
        var kind = 17;
        foreach (var letter in message[(message.IndexOf(':', StringComparison.Ordinal) + 2)..].TakeWhile(letter => !char.IsAsciiDigit(letter)).Take(12))
        {
            kind = unchecked((kind * 31) + letter);
        }

        return kind;
    }

    private static byte[] Repaired(ReadOnlySpan<byte> rest)
    {
        var empty = Write(new LatencyHistogram());
        var snapshot = new byte[Math.Max(rest.Length, empty.Length)];
        rest.CopyTo(snapshot);
        empty.AsSpan(0, FixedLength).CopyTo(snapshot);
        BinaryPrimitives.WriteUInt32LittleEndian(snapshot.AsSpan(snapshot.Length - ChecksumLength), Crc(snapshot.AsSpan(0, snapshot.Length - ChecksumLength)));
        return snapshot;
    }

    // CRC-32C bit by bit from the polynomial.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
            }
        }

        return ~crc;
    }

    private static byte[] Write(LatencyHistogram histogram)
    {
        var snapshot = new byte[LatencyHistogram.MaxSnapshotLength];
        return histogram.TryWriteSnapshot(snapshot, out var written)
            ? snapshot[..written]
            : throw new FuzzFailure($"A snapshot is longer than the longest: {LatencyHistogram.MaxSnapshotLength}");
    }

    private static byte[][] Seeds()
    {
        var histogram = new LatencyHistogram();
        var seeds = new List<byte[]> { new byte[] { 0 } };
        for (var i = 0; i < 3; i++)
        {
            var snapshot = Write(histogram);
            seeds.AddRange([[0, .. snapshot], [1, .. snapshot], [2, .. snapshot]]);
            for (var nanoseconds = 3L; nanoseconds < 1L << 44; nanoseconds = (nanoseconds * 5) + i)
            {
                histogram.RecordNanoseconds(nanoseconds, i + 1);
            }
        }

        return [.. seeds];
    }
}
