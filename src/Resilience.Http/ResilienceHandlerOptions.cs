using System.Collections.Frozen;

namespace Resilience.Http;

/// <summary>Which requests a <see cref="ResilienceHandler"/> may send more than once. Immutable; its callbacks run on many threads at once.</summary>
public sealed record ResilienceHandlerOptions
{
    private static readonly FrozenSet<HttpMethod> s_idempotent = FrozenSet.Create(
        HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace, HttpMethod.Put, HttpMethod.Delete);

    /// <summary>
    /// Whether a request may be sent again once it was on its way. Default: <see cref="IsIdempotent"/>, so that POST, PATCH, CONNECT and
    /// methods of your own are sent once.
    /// </summary>
    public Func<HttpRequestMessage, bool> MayRepeat { get; init; } = IsIdempotent;

    /// <summary>
    /// Whether a content of a type that the handler does not know can be written more than once with the same bytes. Asked only for such
    /// types. Default: false for all.
    /// </summary>
    public Func<HttpContent, bool> CanReplay { get; init; } = static _ => false;

    /// <summary>
    /// The longest content, in bytes, of which copies are made where the pipeline hedges; a longer one, or one whose length is not known, is
    /// sent once. At least 0; contents that are bytes already are copied whatever their length. Default: 1 MiB.
    /// </summary>
    public long MaxBufferedContent { get; init; } = 1 << 20;

    /// <summary>
    /// Called with each copy and the number of its attempt before it is sent, where the pipeline hedges: to send an attempt to another server.
    /// What it throws is the attempt's failure. Default: null.
    /// </summary>
    public Action<HttpRequestMessage, int>? PrepareCopy { get; init; }

    /// <summary>Whether the method of a request is idempotent by RFC 9110 §9.2.2: GET, HEAD, OPTIONS, TRACE, PUT or DELETE.</summary>
    /// <param name="request">The request.</param>
    public static bool IsIdempotent(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ReferenceEquals(request.Method, HttpMethod.Get) || s_idempotent.Contains(request.Method);
    }

    internal ResilienceHandlerOptions Validated()
    {
        ArgumentNullException.ThrowIfNull(MayRepeat);
        ArgumentNullException.ThrowIfNull(CanReplay);
        return MaxBufferedContent >= 0
            ? this
            : throw new ArgumentOutOfRangeException(
                nameof(MaxBufferedContent), MaxBufferedContent, $"MaxBufferedContent is {MaxBufferedContent}: it must be at least 0.");
    }

    internal bool MayBuffer(HttpContent content) =>
        content is ByteArrayContent or ReadOnlyMemoryContent || content.Headers.ContentLength is { } length && length <= MaxBufferedContent;

    internal bool MaySendAgain(HttpRequestMessage request) =>
        (request.Content is null || ReplayableContent.Is(request.Content, CanReplay)) && MayRepeat(request);
}
