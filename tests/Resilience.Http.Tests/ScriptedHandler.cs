using System.Net;

namespace Resilience.Http.Tests;

/// <summary>An innermost handler that answers by a function of the attempt number, keeps what it was sent, and counts open responses.</summary>
internal sealed class ScriptedHandler(Func<int, HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly List<string> _bodies = [];
    private int _open;

    public ScriptedHandler(params HttpStatusCode[] statuses)
        : this((attempt, _) => new HttpResponseMessage(statuses[Math.Min(attempt, statuses.Length - 1)]))
    {
    }

    public int Attempts { get; private set; }

    public int OpenResponses => Volatile.Read(ref _open);

    public IReadOnlyList<string> Bodies => _bodies;

    public bool IsDisposed { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _bodies.Add(request.Content is null ? "" : await ReadAsync(request.Content));
        cancellationToken.ThrowIfCancellationRequested();
        return Answer(request);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        request.Content?.CopyTo(body, null, cancellationToken);
        _bodies.Add(System.Text.Encoding.UTF8.GetString(body.ToArray()));
        return Answer(request);
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    // Copies, as a connection does; reading the content as a string would buffer it and make it replayable.
    private static async Task<string> ReadAsync(HttpContent content)
    {
        using var body = new MemoryStream();
        await content.CopyToAsync(body);
        return System.Text.Encoding.UTF8.GetString(body.ToArray());
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var response = answer(Attempts++, request);
        Interlocked.Increment(ref _open);
        response.Content = new Counted(this);
        response.RequestMessage = request;
        return response;
    }

    private sealed class Counted(ScriptedHandler owner) : StringContent("said")
    {
        private bool _isDisposed;

        protected override void Dispose(bool disposing)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                Interlocked.Decrement(ref owner._open);
            }

            base.Dispose(disposing);
        }
    }
}
