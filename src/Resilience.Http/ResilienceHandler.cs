namespace Resilience.Http;

/// <summary>
/// Sends requests through a pipeline. Each attempt goes through the handlers further in; a response that is discarded for another attempt
/// is disposed. An attempt ends with the headers of its response: what goes wrong while the body is read is the reader's to handle.
/// </summary>
/// <remarks>
/// <para>
/// A request is sent again only if <see cref="ResilienceHandlerOptions.MayRepeat"/> allows it and its content can be written again: bytes,
/// memory, JSON, a stream that can seek, or a multipart of these. Health is counted either way, and a request that a strategy refused
/// before it was sent may be tried again whatever its kind.
/// </para>
/// <para>
/// Where the pipeline hedges, attempts run side by side and may outlive the call: each sends a copy of the request, made before the first
/// one, with its content in memory; a content longer than <see cref="ResilienceHandlerOptions.MaxBufferedContent"/> is sent once. The response
/// names the copy that it answers. Responses of attempts that lost are disposed.
/// </para>
/// <para>
/// HttpClient.Timeout lies outside: it cancels the call as the caller would. Keep it longer than the pipeline's total timeout, as its
/// default of 100 s is. The handler owns no pipeline: many handlers may share one, and so its circuit breaker. Safe for concurrent use;
/// allocates nothing beyond the task that it returns.
/// </para>
/// </remarks>
public sealed class ResilienceHandler : DelegatingHandler
{
    private readonly Pipeline<HttpResponseMessage> _pipeline;
    private readonly ResilienceHandlerOptions _options;
    private volatile bool _isDisposed;

    /// <summary>A handler without an inner one, which a handler chain adds.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="options">Which requests may be sent again; null for the default.</param>
    public ResilienceHandler(Pipeline<HttpResponseMessage> pipeline, ResilienceHandlerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        _pipeline = pipeline;
        _options = (options ?? new ResilienceHandlerOptions()).Validated();
    }

    /// <summary>A handler around another one.</summary>
    /// <param name="innerHandler">The handler that each attempt goes to; disposed with this one.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="options">Which requests may be sent again; null for the default.</param>
    public ResilienceHandler(
        HttpMessageHandler innerHandler,
        Pipeline<HttpResponseMessage> pipeline,
        ResilienceHandlerOptions? options = null)
        : this(pipeline, options)
    {
        ArgumentNullException.ThrowIfNull(innerHandler);
        InnerHandler = innerHandler;
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var attempt = new Attempt(this, request);
        return !_options.MaySendAgain(request) ? SendOnceAsync(attempt, cancellationToken)
            : _pipeline.AttemptsMayOutliveCall ? SendCopiesAsync(request, cancellationToken)
            : _pipeline.ExecuteAsync(
                static (attempt, token) => attempt.Handler.SendInnerAsync(attempt.Request, token), attempt, cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var attempt = new Attempt(this, request);
        return _options.MaySendAgain(request)
            ? _pipeline.Execute(static (attempt, token) => attempt.Handler.SendInner(attempt.Request, token), attempt, cancellationToken)
            : SendOnce(attempt, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        base.Dispose(disposing);
    }

    // The context is brought, so that it is the whole call's: a strategy that forks the call cannot lose what the callback says in it.
    private Task<HttpResponseMessage> SendOnceAsync(Attempt attempt, CancellationToken cancellationToken) => _pipeline.ExecuteAsync(
        static (attempt, context) =>
        {
            context.ForbidAgain();
            return attempt.Handler.SendInnerAsync(attempt.Request, context.CancellationToken);
        },
        attempt,
        CallContext.RentForCall(),
        cancellationToken).AsTask();

    private async Task<HttpResponseMessage> SendCopiesAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content && !_options.MayBuffer(content))
        {
            return await SendOnceAsync(new Attempt(this, request), cancellationToken).ConfigureAwait(false);
        }

        var copies = await RequestCopies.OfAsync(this, request, cancellationToken).ConfigureAwait(false);
        return await _pipeline.ExecuteAsync(
            static (copies, context) => copies.Handler.SendCopyAsync(copies.Next(), context), copies, null, cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendCopyAsync(HttpRequestMessage copy, CallContext context)
    {
        _options.PrepareCopy?.Invoke(copy, context.Attempt);
        return SendInnerAsync(copy, context.CancellationToken);
    }

    private HttpResponseMessage SendOnce(Attempt attempt, CancellationToken cancellationToken) => _pipeline.Execute(
        static (attempt, context) =>
        {
            context.ForbidAgain();
            return attempt.Handler.SendInner(attempt.Request, context.CancellationToken);
        },
        attempt,
        CallContext.RentForCall(),
        cancellationToken);

    private Task<HttpResponseMessage> SendInnerAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);

    private HttpResponseMessage SendInner(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.Send(request, cancellationToken);
}
