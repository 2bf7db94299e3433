using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Resilience.Rpc.Tests.JsonRpc;

/// <summary>An endpoint in memory: answers by a function of the request's body and keeps what it was sent.</summary>
internal sealed class Endpoint(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly List<string> _bodies = [];

    /// <summary>Answers with this body, as JSON.</summary>
    public Endpoint(string body, HttpStatusCode status = HttpStatusCode.OK)
        : this(_ => Json(body, status))
    {
    }

    public IReadOnlyList<string> Bodies => _bodies;

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) => Bytes(Encoding.UTF8.GetBytes(body), status);

    public static HttpResponseMessage Bytes(byte[] body, HttpStatusCode status = HttpStatusCode.OK)
    {
        var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(body) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return response;
    }

    public JsonRpcClient Client(JsonRpcOptions? options = null) => new(new HttpClient(this), new Uri("http://node/"), options);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        _bodies.Add(body);
        return answer(body);
    }
}
