namespace Resilience.Caching;

/// <summary>
/// What the base library's compressing streams write to: memory of its user's, and nothing beyond. The rest is dropped and remembered, since an
/// exception would cost more than the compression.
/// </summary>
internal sealed unsafe class BoundedStream : Stream
{
    // Only set while the span that it points into is pinned.
    private byte* _memory;
    private int _capacity;

    /// <summary>How many bytes were written, those that were dropped among them.</summary>
    internal long Written { get; private set; }

    internal bool IsOverfull => Written > _capacity;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    internal void Open(byte* memory, int capacity)
    {
        _memory = memory;
        _capacity = capacity;
        Written = 0;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length <= _capacity - Written)
        {
            buffer.CopyTo(new Span<byte>(_memory + Written, buffer.Length));
        }

        Written += buffer.Length;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
