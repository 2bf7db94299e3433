using System.Text;
using System.Text.Json;
using Resilience.Caching;

namespace Resilience.Rpc;

/// <summary>Reads from all endpoints together, once for all who ask at the same time, and keeps what was agreed on.</summary>
internal sealed class RpcReader : IDisposable
{
    private readonly FanOut<JsonRpcClient, JsonRpcReply> _agreed;
    private readonly FanOut<JsonRpcClient, JsonRpcReply> _highest;
    private readonly ResilientCache<string, RpcReading> _cache;

    internal RpcReader(EndpointSet<JsonRpcClient> endpoints, RpcValidatorOptions options)
    {
        var shared = new FanOutOptions<JsonRpcReply> { Deadline = options.Deadline, Judge = Ruling.FromReply };
        _agreed = new(endpoints, shared with { Mode = options.Mode, Dispute = options.Dispute });
        _highest = new(endpoints, shared with { Mode = FanOutMode.Highest((endpoints.Count - 1) / 3), Judge = JudgeNumber });
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

    /// <summary>The highest block number that is vouched for.</summary>
    internal ValueTask<RpcReading> HeadAsync(CancellationToken cancellationToken) =>
        ReadAsync(_highest, JsonRpcRequest.Of("eth_blockNumber"), "eth_blockNumber", static _ => RpcKind.Head, cancellationToken);

    /// <summary>What the endpoints agree on.</summary>
    /// <param name="request">The question.</param>
    /// <param name="kindOf">How long a value other than null is kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal ValueTask<RpcReading> ReadAsync(JsonRpcRequest request, Func<RpcReading, string> kindOf, CancellationToken cancellationToken) =>
        ReadAsync(_agreed, request, $"{request.Method} {Encoding.UTF8.GetString(request.Parameters.Span)}", kindOf, cancellationToken);

    private static Ruling JudgeNumber(Outcome<JsonRpcReply> outcome)
    {
        if (outcome.ResultOrDefault is not { HasResult: true, IsRetained: true } reply)
        {
            return outcome.ResultOrDefault is { HasResult: false } failed ? Ruling.Failure(failed.Fault) : Ruling.FromReply(outcome);
        }

        var reader = new Utf8JsonReader(reply.Result.Span);
        return reader.Read() && reader.TokenType == JsonTokenType.String && UInt256.TryParseHex(reader.GetString(), out var number)
            ? Ruling.Vote(number)
            : Ruling.Failure(FaultClass.Protocol);
    }

    private static RpcReading Of(string question, in FanOutResult<JsonRpcReply> result, Func<RpcReading, string> kindOf)
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

        var winner = result.HasValue && result[result.Winner].Exception is null ? result.Value : null;
        var value = default(JsonElement);
        if (winner is { HasResult: true, IsRetained: true })
        {
            var reader = new Utf8JsonReader(winner.Result.Span);
            value = JsonElement.ParseValue(ref reader);
        }

        var reading = new RpcReading(question, result.Status, winner?.Fault ?? FaultClass.None, value, reasons);
        return reading with
        {
            Kind = reading.Exists ? kindOf(reading) : reading.IsDecided ? RpcKind.Negative : RpcKind.Undecided,
        };
    }

    private ValueTask<RpcReading> ReadAsync(
        FanOut<JsonRpcClient, JsonRpcReply> fanOut, JsonRpcRequest request, string question, Func<RpcReading, string> kindOf,
        CancellationToken cancellationToken) => _cache.GetOrCreateAsync(
        question,
        (fanOut, request, question, kindOf),
        static async (state, token) =>
        {
            using var result = await state.fanOut.ExecuteAsync(
                static (client, request, token) => client.CallAsync(request, token), state.request, token).ConfigureAwait(false);
            return Of(state.question, result, state.kindOf);
        },
        null,
        cancellationToken);
}
