using System.Buffers;

namespace Resilience.Rpc;

/// <summary>One rented buffer that grows to what was last asked for. Not safe for concurrent use.</summary>
internal struct Scratch
{
    private byte[]? _buffer;

    /// <summary>So many bytes, in place of what was taken before.</summary>
    internal Span<byte> Take(int length)
    {
        if (_buffer is null || _buffer.Length < length)
        {
            Release();
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        return _buffer.AsSpan(0, length);
    }

    internal void Release()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
