using System.Net.Http.Headers;

namespace Resilience.Http;

/// <summary>
/// What each attempt of a call needs: the handler, the request, and what the request looked like before the first one. Following a
/// redirect rewrites the request that it was given: target, method and content, and it drops the credentials. Another attempt begins
/// where the first one did.
/// </summary>
internal readonly struct Attempt
{
    internal readonly ResilienceHandler Handler;
    private readonly HttpRequestMessage _request;
    private readonly HttpMethod _method;
    private readonly Uri? _target;
    private readonly HttpContent? _content;
    private readonly AuthenticationHeaderValue? _authorization;

    internal Attempt(ResilienceHandler handler, HttpRequestMessage request)
    {
        Handler = handler;
        _request = request;
        _method = request.Method;
        _target = request.RequestUri;
        _content = request.Content;
        _authorization = request.Headers.Authorization;
    }

    /// <summary>The request as it was before the first attempt.</summary>
    internal HttpRequestMessage Request
    {
        get
        {
            if (!ReferenceEquals(_request.RequestUri, _target))
            {
                _request.RequestUri = _target;
                _request.Method = _method;
                _request.Content = _content;
                _request.Headers.Authorization = _authorization;
            }

            return _request;
        }
    }
}
