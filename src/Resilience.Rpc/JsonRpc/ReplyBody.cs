using System.Buffers;

namespace Resilience.Rpc;

/// <summary>
/// The kept bytes of an answer, in one rented buffer, as long as they are within a bound; past it they are given up. Filled by one reader,
/// then read by anybody until disposed, which may happen twice.
/// </summary>
internal sealed class ReplyBody(int most) : IDisposable
{
    private const int Least = 1_024;
    private byte[]? _buffer;
    private int _length;

    /// <summary>Whether all bytes so far are kept.</summary>
    internal bool IsWhole { get; private set; } = most > 0;

    internal void Append(ReadOnlySequence<byte> bytes)
    {
        if (!IsWhole)
        {
            return;
        }

        if (bytes.Length > most - _length)
        {
            IsWhole = false;
            Dispose();
            return;
        }

        var length = _length + (int)bytes.Length;
        if (_buffer is null || _buffer.Length < length)
        {
            Grow(length);
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = length;
    }

    /// <exception cref="ObjectDisposedException">The bytes were given back.</exception>
    internal ReadOnlyMemory<byte> Slice(long start, long end) =>
        Volatile.Read(ref _buffer) is { } buffer
            ? buffer.AsMemory((int)start, (int)(end - start))
            : throw new ObjectDisposedException(nameof(JsonRpcReply), "The answer's bytes were given back: read them before disposing of it.");

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(Math.Min((long)length * 2, most), Least));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer is { } old)
        {
            ArrayPool<byte>.Shared.Return(old);
        }

        _buffer = larger;
    }
}
