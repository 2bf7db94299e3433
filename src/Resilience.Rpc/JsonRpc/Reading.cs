namespace Resilience.Rpc;

/// <summary>The reading of one answer: its sink and the digest builder that it borrows, given back when the reading is over.</summary>
internal sealed class Reading : IDisposable
{
    private readonly JsonDigest? _digest;
    private readonly DigestSink? _borrowed;

    internal Reading(JsonRpcOptions options, JsonDigest? digest, long firstId, int count, bool isBatch, LargeBody? large = null)
    {
        _digest = digest;
        _borrowed = _digest?.Rent();
        Sink = new ReplySink(options, _borrowed?.Builder, firstId, count, isBatch, large);
    }

    internal ReplySink Sink { get; }

    /// <summary>What the digest of a result compares; null for no digest.</summary>
    internal JsonDigest? Digest => _digest;

    /// <summary>How the document ended; null if none was read.</summary>
    internal JsonEnd? End { get; set; }

    /// <summary>Whether the body is somebody else's now.</summary>
    internal bool IsBodyTaken { get; set; }

    public void Dispose()
    {
        Sink.Release();
        if (_borrowed is { } borrowed)
        {
            _digest!.Return(borrowed);
        }

        if (!IsBodyTaken)
        {
            Sink.Body.Dispose();
        }
    }
}
