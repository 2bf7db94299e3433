using System.Buffers;

namespace Resilience.Caching;

/// <summary>
/// What a factory writes its payload to: a rented array that grows. One call has one of its own, so that attempts that overlap, or come after one
/// another, never write into the same payload. Not safe for concurrent use.
/// </summary>
internal sealed class PayloadWriter : IBufferWriter<byte>, IDisposable
{
    private const int First = 4096;
    private byte[]? _rented = [];
    private int _length;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        var room = Rented.Length - _length;
        if (count < 0 || count > room)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"{nameof(count)} is from 0 to the {room} bytes that were given.");
        }

        _length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint).AsMemory(_length);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).AsSpan(_length);

    /// <summary>The payload that was written, in an array of its own.</summary>
    internal byte[] ToArray() => Rented.AsSpan(0, _length).ToArray();

    /// <summary>Gives the array back; who goes on writing is told.</summary>
    public void Dispose()
    {
        if (_rented is { Length: > 0 } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        _rented = null;
    }

    private byte[] Rented => _rented ?? throw new ObjectDisposedException(nameof(PayloadWriter), "The factory has ended; its payload is stored.");

    private byte[] Room(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        var rented = Rented;
        var needed = (long)_length + Math.Max(1, sizeHint);
        if (needed <= rented.Length)
        {
            return rented;
        }

        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"The payload has more than {Array.MaxLength} bytes."));
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(Math.Max(First, needed), 2L * rented.Length)));
        rented.AsSpan(0, _length).CopyTo(larger);
        _rented = larger;
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return larger;
    }
}
