using System.Buffers;

namespace Resilience.Rpc;

/// <summary>
/// The kept bytes of an answer, in one rented buffer, as long as they are within a bound; past it they are given up, unless the right to keep
/// more is to be had. Filled by one reader, then read by anybody until disposed by as many as share it, or by its one owner, which may happen
/// twice.
/// </summary>
internal sealed class ReplyBody(int most, LargeBody? large) : IDisposable
{
    private const int Least = 1_024;
    private byte[]? _buffer;
    private int _length;
    private int _most = most;
    private LargeBody? _taken;
    private int _sharers;

    /// <summary>Whether all bytes so far are kept.</summary>
    internal bool IsWhole { get; private set; } = most > 0 || large is not null;

    /// <summary>How many bytes it holds, used or not.</summary>
    internal int HeldBytes => Volatile.Read(ref _buffer)?.Length ?? 0;

    /// <summary>One more who will give it back.</summary>
    internal void Share() => _sharers++;

    /// <summary>One of those who share it has done with it.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _sharers) == 0)
        {
            Dispose();
        }
    }

    internal void Append(ReadOnlySequence<byte> bytes)
    {
        if (!IsWhole)
        {
            return;
        }

        if (bytes.Length > _most - _length && !TryKeepMore(bytes.Length))
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

        Interlocked.Exchange(ref _taken, null)?.Release();
    }

    private bool TryKeepMore(long more)
    {
        if (_taken is not null || large is null || !large.TryTake())
        {
            return false;
        }

        _taken = large;
        _most = Array.MaxLength;
        return more <= _most - _length;
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(Math.Min((long)length * 2, _most), Least));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer is { } old)
        {
            ArrayPool<byte>.Shared.Return(old);
        }

        _buffer = larger;
    }
}
