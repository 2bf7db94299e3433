using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Resilience.Rpc;

/// <summary>
/// What one endpoint answered to one request: a result, an error, or the reason why there is neither. Safe for concurrent reading. Dispose of
/// it to give its bytes back; what was taken from <see cref="Result"/> must not be used after that. Disposing twice does nothing; the
/// answers of a batch are given back with the batch.
/// </summary>
public sealed class JsonRpcReply : IDisposable
{
    private readonly ReplyBody? _body;
    private readonly JsonDigest? _digest;
    private readonly long _start;
    private readonly long _end;

    // Whether disposing of it gives its share of the body back; not twice.
    private int _hasShare;

    internal JsonRpcReply(FaultClass fault, string reason, Exchange exchange)
    {
        Fault = fault;
        Reason = reason;
        Status = exchange.Status;
        RetryAfter = exchange.RetryAfter;
        Exception = exchange.Exception;
        Digest = ReplyVote.Of(fault);
    }

    internal JsonRpcReply(FaultClass fault, in Envelope envelope, Exchange exchange)
    {
        Fault = fault;
        Error = new JsonRpcError(envelope.Code, envelope.Message!, envelope.RevertData);
        Reason = Error.Message;
        Status = exchange.Status;
        RetryAfter = exchange.RetryAfter;
        Digest = ReplyVote.Of(fault, Error);
        IsAlreadyKnown = fault == FaultClass.TxRejected && ReplyVote.IsAlreadyKnown(Error.Message);
    }

    internal JsonRpcReply(in Envelope envelope, Exchange exchange, ReplyBody body, bool sharesBody, JsonDigest? digest)
    {
        _body = body.IsWhole ? body : null;
        _digest = digest;
        if (sharesBody && _body is not null)
        {
            _hasShare = 1;
            _body.Share();
        }

        _start = envelope.ResultStart;
        _end = envelope.ResultEnd;
        Status = exchange.Status;
        Digest = envelope.ResultDigest;
        IsNull = envelope.IsResultNull;
        HadNullError = envelope.HasError;
    }

    /// <summary>Why there is no result; <see cref="FaultClass.None"/> if there is one.</summary>
    public FaultClass Fault { get; }

    /// <summary>Whether there is a result.</summary>
    public bool HasResult => Fault == FaultClass.None;

    /// <summary>Whether the result is null.</summary>
    public bool IsNull { get; }

    /// <summary>Whether the result came with "error": null beside it.</summary>
    public bool HadNullError { get; }

    /// <summary>Whether the transaction was refused because the endpoint has it already.</summary>
    public bool IsAlreadyKnown { get; }

    /// <summary>The error that the endpoint answered; null if it answered none.</summary>
    public JsonRpcError? Error { get; }

    /// <summary>Why there is no result, in words; null if there is one.</summary>
    public string? Reason { get; }

    /// <summary>The exception behind a fault of the network; null if there was none.</summary>
    public Exception? Exception { get; }

    /// <summary>The HTTP status; null if no answer began.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>How long the endpoint asks to wait; zero if it does not say.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>
    /// What this answer votes for: the digest of the result or, for a fault that votes, of its class with the revert data or, where it is
    /// unclassified, the code. Zero for a result if the client computes no digest.
    /// </summary>
    public UInt128 Digest { get; }

    /// <summary>The length of the result in bytes, kept or not.</summary>
    public long Length => _end - _start;

    /// <summary>How many bytes it holds, used or not.</summary>
    internal int HeldBytes => _body?.HeldBytes ?? 0;

    /// <summary>Whether the bytes of the result are kept.</summary>
    public bool IsRetained => _body is not null;

    /// <summary>The result as it was written.</summary>
    /// <exception cref="InvalidOperationException">There is no result, or it was longer than what is kept.</exception>
    /// <exception cref="ObjectDisposedException">The bytes were given back.</exception>
    public ReadOnlyMemory<byte> Result => _body?.Slice(_start, _end) ?? throw new InvalidOperationException(
        HasResult ? $"The result of {Length} bytes was not kept: RetainBytes is less." : $"There is no result: {Fault}, {Reason}");

    /// <summary>The result as an object.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="type">How to read it.</param>
    /// <exception cref="InvalidOperationException">There is no result, or it was longer than what is kept.</exception>
    /// <exception cref="JsonException">The result does not fit the type.</exception>
    public T? Read<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Result.Span, type);

    /// <summary>
    /// Whether another reply says the same, for sure where both have kept their results: equal digests are then held against the bytes and, where
    /// those differ in form, against digests under a second secret. Otherwise the digest decides.
    /// </summary>
    /// <param name="other">The other reply; neither may be disposed of meanwhile.</param>
    public bool IsSameAs(JsonRpcReply other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Fault != other.Fault || Digest != other.Digest)
        {
            return false;
        }

        return !HasResult || _body is null || other._body is null || _digest is null
            || Result.Span.SequenceEqual(other.Result.Span)
            || _digest.Second.Compute(Result) == _digest.Second.Compute(other.Result);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _hasShare, 0) != 0)
        {
            _body!.Leave();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => HasResult ? $"{Length} bytes" : $"{Fault}: {Reason}";
}
