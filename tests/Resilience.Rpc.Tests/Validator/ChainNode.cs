using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Resilience.Rpc.Tests.Validator;

/// <summary>A node of a chain in which transaction k stands alone in block k, unless a test says otherwise. Answers without a network.</summary>
internal sealed class ChainNode : HttpMessageHandler
{
    private readonly Dictionary<string, Func<JsonArray, JsonNode?>> _answers = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];

    public ChainNode()
    {
        Says("eth_getTransactionByHash", static p => new JsonObject
        {
            ["hash"] = p[0]!.GetValue<string>(),
            ["blockHash"] = BlockHash(Place(p)),
            ["blockNumber"] = $"0x{Place(p):x}",
            ["transactionIndex"] = "0x0",
            ["from"] = "0xf0",
            ["to"] = null,
        });
        Says("eth_getTransactionReceipt", static p => new JsonObject
        {
            ["blockHash"] = BlockHash(Place(p)),
            ["transactionIndex"] = "0x0",
            ["status"] = "0x1",
        });
        Says("eth_getBlockByHash", Block);
        Says("eth_getBlockByNumber", Block);
        Says("eth_getBalance", static _ => "0x10");
        Says("eth_getTransactionCount", static _ => "0x2");
        Says("eth_getCode", static _ => "0x");
        Says("eth_blockNumber", static _ => "0x64");
    }

    /// <summary>How many HTTP requests came, and the most calls in one.</summary>
    public (int Exchanges, int Most) Load { get; private set; }

    /// <summary>Whether it answers a batch by one error, as some do.</summary>
    public bool RefusesBatches { get; set; }

    /// <summary>Holds every answer until it is released; null for none.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public static string Transaction(int number) => $"0xaa{number:x62}";

    public static string BlockHash(int number) => $"0xbb{number:x62}";

    public static JsonObject Block(JsonArray parameters) => new()
    {
        ["hash"] = BlockHash(Place(parameters)),
        ["number"] = $"0x{Place(parameters):x}",
        ["parentHash"] = BlockHash(Place(parameters) - 1),
        ["transactions"] = new JsonArray(Transaction(Place(parameters))),
    };

    /// <summary>Answers a method by what the function gives; it may throw to break the connection.</summary>
    public ChainNode Says(string method, Func<JsonArray, JsonNode?> answer)
    {
        _answers[method] = answer;
        return this;
    }

    /// <summary>How it answers a method now.</summary>
    public Func<JsonArray, JsonNode?> AnswerOf(string method) => _answers[method];

    /// <summary>How often a method was asked.</summary>
    public int Asked(string method)
    {
        lock (_asked)
        {
            return _asked.Count(asked => asked == method);
        }
    }

    public JsonRpcClient Client() => new(new HttpClient(this), new Uri("http://node.invalid/"));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        lock (_asked)
        {
            Load = (Load.Exchanges + 1, Math.Max(Load.Most, sent is JsonArray { Count: var count } ? count : 1));
        }

        if (sent is JsonArray && RefusesBatches)
        {
            return Json(new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = null,
                ["error"] = new JsonObject { ["code"] = -32600, ["message"] = "no batches" },
            });
        }

        if (sent is not JsonArray batch)
        {
            return Json(await AnswerAsync(sent, cancellationToken));
        }

        var answers = await Task.WhenAll(batch.Select(call => AnswerAsync(call!, cancellationToken)));
        return Json(new JsonArray([.. answers.Reverse().Where(answer => answer["result"]?.ToString() != Dropped)]));
    }

    /// <summary>A result that a batch does not bring.</summary>
    public const string Dropped = "dropped";

    private static HttpResponseMessage Json(JsonNode answer) => new(HttpStatusCode.OK)
    {
        Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json"),
    };

    private async Task<JsonNode> AnswerAsync(JsonNode call, CancellationToken cancellationToken)
    {
        var method = call["method"]!.GetValue<string>();
        lock (_asked)
        {
            _asked.Add(method);
        }

        if (Gate is { } gate)
        {
            await gate.Task.WaitAsync(cancellationToken);
        }

        var result = _answers[method](call["params"]?.AsArray() ?? []);
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = call["id"]!.DeepClone() };
        answer[result is JsonObject { Count: 2 } error && error.ContainsKey("code") ? "error" : "result"] = result;
        return answer;
    }

    private static int Place(JsonArray parameters)
    {
        var text = parameters[0]!.GetValue<string>();
        return Convert.ToInt32(text.Length > 10 ? text[^4..] : text, 16);
    }
}
