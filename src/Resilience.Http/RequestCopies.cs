namespace Resilience.Http;

/// <summary>
/// Copies of a request for attempts that run side by side or outlive the call: each has headers, options and content of its own, and the
/// caller may dispose or change the request once the call is over.
/// </summary>
internal sealed class RequestCopies
{
    private readonly HttpRequestMessage _template;
    private readonly byte[]? _content;

    private RequestCopies(ResilienceHandler handler, HttpRequestMessage template, byte[]? content)
    {
        Handler = handler;
        _template = template;
        _content = content;
    }

    internal ResilienceHandler Handler { get; }

    /// <summary>Reads what the copies are made of. The content is read to its end and kept in memory.</summary>
    internal static async ValueTask<RequestCopies> OfAsync(
        ResilienceHandler handler, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = request.Content is null
            ? null
            : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return new RequestCopies(handler, Copy(request, content), content);
    }

    /// <summary>Another copy. Never disposed: it holds nothing but memory, which an attempt that lost may still read.</summary>
    internal HttpRequestMessage Next() => Copy(_template, _content);

    private static HttpRequestMessage Copy(HttpRequestMessage request, byte[]? content)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri)
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
        };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        foreach (var (key, value) in request.Options)
        {
            ((IDictionary<string, object?>)copy.Options)[key] = value;
        }

        if (content is not null)
        {
            copy.Content = new ByteArrayContent(content);
            foreach (var (name, values) in request.Content!.Headers.NonValidated)
            {
                copy.Content.Headers.TryAddWithoutValidation(name, values);
            }
        }

        return copy;
    }
}
