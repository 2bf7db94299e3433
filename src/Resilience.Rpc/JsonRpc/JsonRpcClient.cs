using System.Buffers;
using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>
/// JSON-RPC 2.0 over HTTP to one endpoint: single calls, batches and notifications. What the endpoint does wrong is a
/// <see cref="FaultClass"/> in the reply and never an exception; the caller's cancellation and mistakes in the program are exceptions. Put retries,
/// breakers and timeouts into the <see cref="HttpClient"/>'s handlers or around the call. Safe for concurrent use. An answer is read as it
/// arrives: beside what is kept of it, a call holds a buffer or two and its longest token.
/// </summary>
public sealed partial class JsonRpcClient
{
    private readonly HttpClient _http;
    private readonly JsonRpcOptions _options;
    private readonly TimeProvider _time;
    private long _lastId;

    /// <summary>A client of one endpoint.</summary>
    /// <param name="http">Sends the requests; stays the caller's.</param>
    /// <param name="endpoint">Where to post; absolute, or relative to the client's base address.</param>
    /// <param name="options">How answers are read; null for the defaults.</param>
    /// <param name="time">The wall clock for a date in Retry-After; null for the system's.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public JsonRpcClient(HttpClient http, Uri endpoint, JsonRpcOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(endpoint);
        _http = http;
        Endpoint = endpoint;
        _options = (options ?? new JsonRpcOptions()).Validated();
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Where the requests go.</summary>
    public Uri Endpoint { get; }

    /// <summary>How answers are read.</summary>
    internal JsonRpcOptions Options => _options;

    /// <summary>How many errors no rule knew.</summary>
    public long UnclassifiedErrors => Volatile.Read(ref _unclassified);

    /// <summary>Calls one method.</summary>
    /// <param name="request">The call.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The result, the error, or the fault; to be disposed of.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<JsonRpcReply> CallAsync(JsonRpcRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, null, cancellationToken);

    /// <summary>Calls one method, and keeps an answer that is longer than <see cref="JsonRpcOptions.RetainBytes"/> only with a right to.</summary>
    /// <param name="request">The call.</param>
    /// <param name="large">The right to keep one large answer, shared with other calls; null for none.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The result, the error, or the fault; to be disposed of.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<JsonRpcReply> CallAsync(JsonRpcRequest request, LargeBody? large, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = NextIds(1);
        using var reading = new Reading(_options, _options.DigestOf(request.Method), id, 1, isBatch: false, large);
        var exchange = await ExchangeAsync(Content(request, id), reading, cancellationToken).ConfigureAwait(false);
        return Single(request, exchange, reading);
    }

    /// <summary>Calls several methods in one HTTP exchange. Each answer is found by its id, in whatever order they come.</summary>
    /// <param name="requests">The calls, at least one.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>An answer or fault for each request, in their order; to be disposed of.</returns>
    /// <exception cref="ArgumentException">There is no request.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<JsonRpcBatchReply> CallBatchAsync(
        IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellationToken = default) =>
        CallBatchAsync(requests, sharesBody: false, cancellationToken);

    /// <summary>Calls several methods in one HTTP exchange.</summary>
    /// <param name="requests">The calls, at least one.</param>
    /// <param name="sharesBody">Whether each answer is disposed of by itself, and the batch is not.</param>
    /// <param name="cancellationToken">The caller's.</param>
    internal async ValueTask<JsonRpcBatchReply> CallBatchAsync(
        IReadOnlyList<JsonRpcRequest> requests, bool sharesBody, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (requests.Count == 0)
        {
            throw new ArgumentException("requests is empty; a batch has at least one.", nameof(requests));
        }

        JsonRpcRequest[] batch = [.. requests];
        var first = NextIds(batch.Length);
        using var reading = new Reading(_options, _options.DigestOf(batch), first, batch.Length, isBatch: true);
        var exchange = await ExchangeAsync(Content(batch, first), reading, cancellationToken).ConfigureAwait(false);
        return Batch(batch, exchange, reading, sharesBody);
    }

    /// <summary>Sends a request to which there is no answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>None if the endpoint took it; else why not.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<FaultClass> NotifyAsync(JsonRpcRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (await ExchangeAsync(Content(request, null), null, cancellationToken).ConfigureAwait(false)).Fault;
    }

    private static byte[] Content(JsonRpcRequest request, long? id)
    {
        var buffer = new ArrayBufferWriter<byte>(request.Method.Length + request.Parameters.Length + 64);
        using var writer = new Utf8JsonWriter(buffer);
        request.WriteTo(writer, id);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Content(JsonRpcRequest[] batch, long firstId)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        for (var i = 0; i < batch.Length; i++)
        {
            batch[i].WriteTo(writer, firstId + i);
        }

        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    // Ids begin anew long before they pass 2^53 − 1. Those of one batch are in a row.
    private long NextIds(int count)
    {
        const long turn = 1L << 52;
        var last = Interlocked.Add(ref _lastId, count);
        return ((last - count) & (turn - 1)) + 1;
    }
}
