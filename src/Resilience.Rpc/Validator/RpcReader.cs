using System.Text;
using System.Text.Json;
using Resilience.Caching;

namespace Resilience.Rpc;

/// <summary>Reads from all endpoints together, once for all who ask at the same time, and keeps what was agreed on.</summary>
internal sealed class RpcReader : IDisposable
{
    private readonly FanOut<JsonRpcClient, JsonRpcReply> _agreed;
    private readonly FanOut<JsonRpcClient, JsonRpcReply?> _whole;
    private readonly HeadReader _head;
    private readonly ResilientCache<string, RpcReading> _cache;
    private readonly long _confirmations;

    internal RpcReader(EndpointSet<JsonRpcClient> endpoints, RpcValidatorOptions options)
    {
        _agreed = new(endpoints, new FanOutOptions<JsonRpcReply>
        {
            Mode = options.Mode,
            Dispute = options.Dispute,
            Deadline = options.Deadline,
            Judge = Ruling.FromReply,
            AreSame = static (one, other) => one.IsSameAs(other),
        });
        _whole = new(endpoints, new FanOutOptions<JsonRpcReply?> { Mode = FanOutMode.Sequential, Deadline = options.Deadline });
        _head = new HeadReader(endpoints, options.Deadline);
        _confirmations = options.Confirmations;
        _cache = new(new ResilientCacheOptions<string, RpcReading>
        {
            Name = "rpc readings",
            MaxEntries = options.MaxReadings,
            Kinds = options.Kinds(),
            KindOf = static (_, reading) => reading.Kind,
            TimeProvider = endpoints.Options.TimeProvider,
        });
    }

    public void Dispose() => _cache.Dispose();

    /// <summary>The question for a block, without its transactions' details.</summary>
    internal static JsonRpcRequest Block(string method, string block) => JsonRpcRequest.Write(method, block, static (writer, block) =>
    {
        writer.WriteStartArray();
        writer.WriteStringValue(block);
        writer.WriteBooleanValue(false);
        writer.WriteEndArray();
    });

    /// <summary>A number that a node wrote; null if it is none, or above 2⁶³ − 1.</summary>
    internal static long? NumberOf(string? text) =>
        text is not null && UInt256.TryParseHex(text, out var number) && number.Upper == UInt128.Zero && number.Lower <= long.MaxValue
            ? (long)number.Lower
            : null;

    /// <summary>What the endpoints agree on.</summary>
    /// <param name="request">The question.</param>
    /// <param name="kind">How long a value other than null is kept.</param>
    /// <param name="batches">How calls are put together.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal ValueTask<RpcReading> ReadAsync(JsonRpcRequest request, string kind, CallBatcher batches, CancellationToken cancellationToken)
    {
        var question = $"{request.Method} {Encoding.UTF8.GetString(request.Parameters.Span)}";
        return _cache.GetOrCreateAsync(
            question,
            (Reader: this, request, question, kind, batches),
            static (state, token) => new(state.Reader.AskAsync(state.request, state.question, state.kind, state.batches, token)),
            null,
            cancellationToken);
    }

    /// <summary>
    /// The block at which an address is read, kept as long as what is read there: the newest that a majority has reached, less those that
    /// confirm it.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="batches">How calls are put together.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal ValueTask<RpcReading> PinAsync(string address, CallBatcher batches, CancellationToken cancellationToken) => _cache.GetOrCreateAsync(
        $"pin {address}", (Reader: this, batches), static (state, token) => new(state.Reader.PinAsync(state.batches, token)), null, cancellationToken);

    private async Task<RpcReading> PinAsync(CallBatcher batches, CancellationToken token)
    {
        var (head, status, reasons) = await _head.ReadAsync(batches, token).ConfigureAwait(false);
        if (head is not { } number)
        {
            return new RpcReading("eth_blockNumber", status, FaultClass.None, default, reasons) { Kind = RpcKind.Undecided };
        }

        var block = await ReadAsync(
            Block("eth_getBlockByNumber", $"0x{Math.Max(0, number - _confirmations + 1):x}"), RpcKind.Head, batches, token).ConfigureAwait(false);
        return block with { Kind = block.Exists ? RpcKind.Address : RpcKind.Undecided };
    }

    private async Task<RpcReading> AskAsync(JsonRpcRequest request, string question, string kind, CallBatcher batches, CancellationToken token)
    {
        using var result = await _agreed.ExecuteAsync(
            static (client, state, token) => state.batches.CallAsync(client, state.request, state.large, token),
            (batches, request, large: new LargeBody()),
            token).ConfigureAwait(false);
        var reasons = ReasonsOf(result);
        var winner = result.HasValue && result[result.Winner].Exception is null ? result.Value : null;
        var value = default(JsonElement);
        if (winner is { HasResult: true })
        {
            value = Kept(result) is { } kept ? Parse(kept) : await ReadWholeAsync(request, winner.Digest, token).ConfigureAwait(false);
        }

        var reading = new RpcReading(question, result.Status, winner?.Fault ?? FaultClass.None, value, reasons);
        return reading with
        {
            Kind = reading.Exists ? kind : reading.IsDecided ? RpcKind.Negative : RpcKind.Undecided,
        };
    }

    // Of a large answer one endpoint's is kept; any that agrees will do.
    private static JsonRpcReply? Kept(in FanOutResult<JsonRpcReply> result)
    {
        for (var i = 0; i < result.Count; i++)
        {
            if (result[i] is { Vote: SlotVote.Agrees, Value.IsRetained: true } slot)
            {
                return slot.Value;
            }
        }

        return null;
    }

    // Who kept it does not agree: one that does is asked again.
    private async Task<JsonElement> ReadWholeAsync(JsonRpcRequest request, UInt128 digest, CancellationToken token)
    {
        using var result = await _whole.ExecuteAsync(
            static async (client, state, token) =>
            {
                var reply = await client.CallAsync(state.request, new LargeBody(), token).ConfigureAwait(false);
                if (reply.IsRetained && reply.Digest == state.digest)
                {
                    return reply;
                }

                reply.Dispose();
                return null;
            },
            (request, digest),
            token).ConfigureAwait(false);
        return result is { HasValue: true, Value: { } whole } ? Parse(whole) : default;
    }

    private static JsonElement Parse(JsonRpcReply reply)
    {
        var reader = new Utf8JsonReader(reply.Result.Span);
        return JsonElement.ParseValue(ref reader);
    }

    internal static string[] ReasonsOf(in FanOutResult<JsonRpcReply> result)
    {
        var reasons = new string[result.Count];
        for (var i = 0; i < reasons.Length; i++)
        {
            var slot = result[i];
            reasons[i] = slot.Vote switch
            {
                SlotVote.Agrees => $"{slot.Endpoint.Name} agrees, {slot.Latency.TotalMilliseconds:F0} ms",
                SlotVote.Differs => $"{slot.Endpoint.Name} differs",
                _ => $"{slot}",
            };
        }

        return reasons;
    }
}
