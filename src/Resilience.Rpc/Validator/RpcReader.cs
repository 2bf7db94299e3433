using System.Text;
using System.Text.Json;
using Resilience.Caching;

namespace Resilience.Rpc;

/// <summary>Reads from all endpoints together, once for all who ask at the same time, and keeps what was agreed on.</summary>
internal sealed class RpcReader : IDisposable
{
    private readonly FanOut<JsonRpcClient, JsonRpcReply> _agreed;
    private readonly ResilientCache<string, RpcReading> _cache;

    internal RpcReader(EndpointSet<JsonRpcClient> endpoints, RpcValidatorOptions options)
    {
        _agreed = new(endpoints, new FanOutOptions<JsonRpcReply>
        {
            Mode = options.Mode,
            Dispute = options.Dispute,
            Deadline = options.Deadline,
            Judge = Ruling.FromReply,
        });
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

    /// <summary>What the endpoints agree on.</summary>
    /// <param name="request">The question.</param>
    /// <param name="kindOf">How long a value other than null is kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal ValueTask<RpcReading> ReadAsync(JsonRpcRequest request, Func<RpcReading, string> kindOf, CancellationToken cancellationToken)
    {
        var question = $"{request.Method} {Encoding.UTF8.GetString(request.Parameters.Span)}";
        return _cache.GetOrCreateAsync(
            question,
            (_agreed, request, question, kindOf),
            static async (state, token) =>
            {
                using var result = await state._agreed.ExecuteAsync(
                    static (client, request, token) => client.CallAsync(request, token), state.request, token).ConfigureAwait(false);
                return Of(state.question, result, state.kindOf);
            },
            null,
            cancellationToken);
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
}
