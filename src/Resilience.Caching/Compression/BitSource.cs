using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>
/// The bits of a Deflate stream, lowest of each byte first. Past the end there are zeros; <see cref="IsOverdrawn"/> says that some were taken.
/// </summary>
internal ref struct BitSource
{
    private readonly ReadOnlySpan<byte> _source;
    private int _at;

    // Bits above _count are either zero or those of the bytes at _at: reading the same bytes over them changes nothing.
    private ulong _bits;
    private int _count;

    internal BitSource(ReadOnlySpan<byte> source) => _source = source;

    /// <summary>The next bits, at least 48 after <see cref="Refill"/>.</summary>
    internal readonly uint Peek => (uint)_bits;

    internal readonly bool IsOverdrawn => _count < 0;

    /// <summary>How many bytes were taken, a started one counted as whole.</summary>
    internal readonly int Used => _at - (_count >> 3);

    /// <summary>Gets at least 56 bits ready, or all that are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Refill()
    {
        if (_source.Length - _at < sizeof(ulong) || _count < 0)
        {
            RefillFromTail();
            return;
        }

        _bits |= BinaryPrimitives.ReadUInt64LittleEndian(_source[_at..]) << _count;
        _at += (63 - _count) >> 3;
        _count |= 56;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Skip(int count)
    {
        _bits >>= count;
        _count -= count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Take(int count)
    {
        var value = (int)((uint)_bits & ((1u << count) - 1));
        Skip(count);
        return value;
    }

    /// <summary>Drops the rest of the started byte and returns all bytes that follow.</summary>
    internal ReadOnlySpan<byte> Align()
    {
        _at -= _count >> 3;
        (_bits, _count) = (0, 0);
        return _source[_at..];
    }

    /// <summary>Goes on after some of the bytes that <see cref="Align"/> returned.</summary>
    internal void Advance(int bytes) => _at += bytes;

    private void RefillFromTail()
    {
        while (_count is >= 0 and <= 55 && _at < _source.Length)
        {
            _bits |= (ulong)_source[_at++] << _count;
            _count += 8;
        }
    }
}
