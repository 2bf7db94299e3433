using System.Buffers.Binary;

namespace Resilience;

/// <content>
/// Snapshots: little-endian magic, version, layout, count, sum, extremes, number of buckets in use, then for each its distance from the one
/// before and its count as base-128 numbers, and a CRC-32C of all that.
/// </content>
public sealed partial class LatencyHistogram
{
    /// <summary>No snapshot is longer, in bytes.</summary>
    public const int MaxSnapshotLength = HeaderLength + (7 * (Buckets.Count + 1)) + ChecksumLength;

    private const uint Magic = 0x474C_4852;
    private const ushort Version = 1;

    // The units and the buckets an octave, as powers of two: counts of another layout mean other durations.
    private const ushort Layout = (2 << 8) | 6;
    private const int HeaderLength = 52;
    private const int ChecksumLength = 4;

    /// <summary>Writes everything to <paramref name="destination"/>.</summary>
    /// <param name="destination">Room for the snapshot; <see cref="MaxSnapshotLength"/> always suffices.</param>
    /// <param name="written">How many bytes were written; zero if the room did not suffice.</param>
    /// <returns>Whether the room sufficed.</returns>
    public bool TryWriteSnapshot(Span<byte> destination, out int written)
    {
        written = 0;
        var used = _counts.AsSpan().Length - _counts.AsSpan().Count(0U);
        if (destination.Length < HeaderLength + ChecksumLength)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], Layout);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], _count);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[16..], _sum);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], _min);
        BinaryPrimitives.WriteInt64LittleEndian(destination[40..], _max);
        BinaryPrimitives.WriteInt32LittleEndian(destination[48..], used);
        var at = HeaderLength;
        for (int i = 0, previous = -1; i <= Buckets.Overflow; i++)
        {
            if (_counts[i] == 0)
            {
                continue;
            }

            if (!SnapshotFormat.TryWrite(destination, ref at, (uint)(i - previous)) || !SnapshotFormat.TryWrite(destination, ref at, _counts[i]))
            {
                return false;
            }

            previous = i;
        }

        if (destination.Length - at < ChecksumLength)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(destination[at..], SnapshotFormat.Checksum(destination[..at]));
        written = at + ChecksumLength;
        return true;
    }

    /// <summary>Replaces everything by what a snapshot holds.</summary>
    /// <param name="snapshot">Exactly the bytes that <see cref="TryWriteSnapshot"/> wrote.</param>
    /// <exception cref="FormatException">The snapshot is truncated, corrupted or of another version; nothing has changed.</exception>
    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        if (Read(snapshot) is { } flaw)
        {
            throw new FormatException($"This is no latency snapshot that can be restored: {flaw}.");
        }
    }

    /// <summary>Replaces everything by what a snapshot holds, if it is whole.</summary>
    /// <param name="snapshot">Exactly the bytes that <see cref="TryWriteSnapshot"/> wrote.</param>
    /// <returns>Whether it was; if not, nothing has changed.</returns>
    public bool TryRestore(ReadOnlySpan<byte> snapshot) => Read(snapshot) is null;

    private string? Read(ReadOnlySpan<byte> source)
    {
        if (source.Length is < HeaderLength + ChecksumLength or > MaxSnapshotLength)
        {
            return FormattableString.Invariant($"it has {source.Length} bytes, not {HeaderLength + ChecksumLength} to {MaxSnapshotLength}");
        }

        var magic = BinaryPrimitives.ReadUInt32LittleEndian(source);
        var (version, layout) = (BinaryPrimitives.ReadUInt16LittleEndian(source[4..]), BinaryPrimitives.ReadUInt16LittleEndian(source[6..]));
        if (magic != Magic || version != Version || layout != Layout)
        {
            return FormattableString.Invariant(
                $"it starts with mark {magic:x8}, version {version} and layout {layout:x4}, not {Magic:x8}, {Version} and {Layout:x4}");
        }

        var body = source[..^ChecksumLength];
        if (BinaryPrimitives.ReadUInt32LittleEndian(source[body.Length..]) != SnapshotFormat.Checksum(body))
        {
            return "its checksum does not fit its content";
        }

        return Decode(body);
    }

    private string? Decode(ReadOnlySpan<byte> body)
    {
        Span<uint> counts = stackalloc uint[Buckets.Length];
        counts.Clear();
        var audit = default(HistogramAudit);
        var (at, index) = (HeaderLength, -1L);
        for (var left = BinaryPrimitives.ReadUInt32LittleEndian(body[48..]); left > 0; left--)
        {
            if (!SnapshotFormat.TryRead(body, ref at, out var step) || !SnapshotFormat.TryRead(body, ref at, out var count))
            {
                return FormattableString.Invariant($"its buckets end early, at byte {at}");
            }

            index += step;
            if (step == 0 || count == 0 || index > Buckets.Overflow)
            {
                return FormattableString.Invariant($"bucket {index} is repeated, empty or beyond {Buckets.Overflow}");
            }

            counts[(int)index] = count;
            audit.Add((int)index, count);
        }

        if (at != body.Length)
        {
            return FormattableString.Invariant($"{body.Length - at} bytes follow its last bucket");
        }

        var (total, sum) = (BinaryPrimitives.ReadInt64LittleEndian(body[8..]), BinaryPrimitives.ReadUInt128LittleEndian(body[16..]));
        var (min, max) = (BinaryPrimitives.ReadInt64LittleEndian(body[32..]), BinaryPrimitives.ReadInt64LittleEndian(body[40..]));
        if (audit.Judge(total, sum, min, max) is { } flaw)
        {
            return flaw;
        }

        counts.CopyTo(_counts);
        (_count, _sum, _min, _max) = (total, sum, min, max);
        return null;
    }
}
