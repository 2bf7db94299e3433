using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Resilience.Rpc;

namespace Resilience.Benchmarks;

/// <summary>
/// A JSON-RPC answer of ten megabytes, from a handler in memory that both sides call through HttpClient: read by our client as it arrives, and
/// by the framework into a document. Both find the result; the sum is of its lengths. One thread only.
/// </summary>
[SuppressMessage("Usage", "VSTHRD002", Justification = "Everything is in memory, so that every task is complete.")]
internal sealed class RpcReplies : Contest
{
    private const int Megabytes = 10;
    private static readonly JsonRpcRequest s_request = JsonRpcRequest.Of("eth_getLogs");
    private static readonly Uri s_address = new("http://node/");
    private readonly HttpClient _http = new(new Handler(Body()));
    private readonly JsonRpcClient _client;
    private readonly JsonDocumentOptions _document;

    /// <summary>A contest over the whole answer.</summary>
    /// <param name="digest">What ours computes; null to find the result only.</param>
    /// <param name="allowsDuplicates">Whether the peer lets duplicate names pass.</param>
    public RpcReplies(JsonDigest? digest, bool allowsDuplicates)
    {
        _client = new JsonRpcClient(_http, s_address, new JsonRpcOptions { Digest = digest, RetainBytes = 0 });
        _document = new JsonDocumentOptions { AllowDuplicateProperties = allowsDuplicates };
    }

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            using var reply = _client.CallAsync(s_request).AsTask().GetAwaiter().GetResult();
            sum += reply.HasResult ? reply.Length : throw new InvalidOperationException(reply.Reason);
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            using var response = Send();
            using var document = JsonDocument.ParseAsync(response.Content.ReadAsStream(), _document).GetAwaiter().GetResult();
            sum += JsonMarshal.GetRawUtf8Value(document.RootElement.GetProperty("result"u8)).Length;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        var buffer = new byte[32 << 10];
        for (var i = 0; i < calls; i++)
        {
            using var response = Send();
            var stream = response.Content.ReadAsStream();
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                sum += read;
            }
        }

        return sum;
    }

    private HttpResponseMessage Send()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, s_address)
        {
            Content = new ByteArrayContent("""{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[]}"""u8.ToArray()),
        };
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).GetAwaiter().GetResult();
    }

    // Logs as a node gives them: nine members, hexadecimal strings of 4 to 258 characters.
    private static byte[] Body()
    {
        var random = new Random(1);
        var text = new StringBuilder("""{"jsonrpc":"2.0","id":                ,"result":[""");
        while (text.Length < Megabytes << 20)
        {
            text.Append(text[^1] == '[' ? "" : ",").Append(
                $$"""{"address":"{{Hex(20)}}","topics":["{{Hex(32)}}","{{Hex(32)}}","{{Hex(32)}}"],"data":"{{Hex(random.Next(0, 4) * 32)}}","blockNumber":"{{Hex(3)}}","transactionHash":"{{Hex(32)}}","transactionIndex":"{{Hex(1)}}","blockHash":"{{Hex(32)}}","logIndex":"{{Hex(1)}}","removed":false}""");
        }

        return Encoding.ASCII.GetBytes(text.Append("]}").ToString());

        string Hex(int bytes)
        {
            var value = new byte[bytes];
            random.NextBytes(value);
            return "0x" + Convert.ToHexStringLower(value);
        }
    }

    /// <summary>Answers each request with the one body, its id put in place.</summary>
    private sealed class Handler(byte[] body) : HttpMessageHandler
    {
        private static readonly MediaTypeHeaderValue s_json = new("application/json");
        private readonly int _idAt = body.AsSpan().IndexOf("\"id\":"u8) + 5;
        private readonly int _idEnd = body.AsSpan().IndexOf(",\"result\""u8);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = request.Content!.ReadAsByteArrayAsync(cancellationToken).GetAwaiter().GetResult().AsSpan();
            var id = sent[(sent.IndexOf("\"id\":"u8) + 5)..sent.IndexOf(",\"method\""u8)];
            body.AsSpan(_idAt.._idEnd).Fill((byte)' ');
            id.CopyTo(body.AsSpan(_idAt));
            var response = new HttpResponseMessage { Content = new StreamContent(new MemoryStream(body, writable: false)) };
            response.Content.Headers.ContentType = s_json;
            return Task.FromResult(response);
        }
    }
}
