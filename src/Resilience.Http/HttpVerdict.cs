using System.Net;
using System.Security.Authentication;

namespace Resilience.Http;

/// <summary>
/// What an HTTP outcome means. Pure and safe for concurrent use; allocates nothing. Whether the caller or a deadline cancelled is known
/// before an exception is asked about here, so that a cancellation seen here is the callee's own, such as HttpClient.Timeout.
/// </summary>
public static class HttpVerdict
{
    /// <summary>
    /// The verdict on a status code: 408 and 500 or above are <see cref="Verdict.Transient"/>, 429 is <see cref="Verdict.Throttled"/>
    /// without a wait, everything else, other 4xx included, is <see cref="Verdict.Success"/>: the dependency did its work.
    /// </summary>
    /// <param name="status">The status code.</param>
    public static Verdict Of(HttpStatusCode status) => status switch
    {
        HttpStatusCode.TooManyRequests => Verdict.Throttled(TimeSpan.Zero),
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => Verdict.Transient,
        _ => Verdict.Success,
    };

    /// <summary>
    /// The verdict on a response: that on its status code and, if this asks for another attempt, the wait that Retry-After names.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <param name="time">Whose wall clock a date in Retry-After is compared with.</param>
    public static Verdict Of(HttpResponseMessage response, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(time);
        var verdict = Of(response.StatusCode);
        return verdict.Again != Again.No && RetryAfter.TryRead(response, time, out var wait) ? verdict.WithRetryAfter(wait) : verdict;
    }

    /// <summary>
    /// The verdict on an exception. A request or response that broke on the way, a name that did not resolve, a refused or timed-out
    /// connection and the callee's own cancellation are <see cref="Verdict.Transient"/>; what stays wrong when tried again (a rejected
    /// certificate, endless headers, a protocol that the server does not speak) is <see cref="Verdict.Permanent"/>; credentials that
    /// were refused, and what no network has a part in, are <see cref="Verdict.Ignored"/>. An exception made of a status code has its verdict.
    /// The refusal of another pipeline further in is Ignored: whether to wait for it was that pipeline's decision.
    /// </summary>
    /// <param name="exception">The exception.</param>
    public static Verdict Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            HttpRequestException request => Of(request),
            TimeoutException or OperationCanceledException => Verdict.Transient,
            IOException or System.Net.Sockets.SocketException => Verdict.Transient,
            _ => Verdict.Ignored,
        };
    }

    private static Verdict Of(HttpRequestException exception) => exception.HttpRequestError switch
    {
        // Any handshake that fails has this kind; only a rejected certificate or protocol version stays rejected.
        HttpRequestError.SecureConnectionError =>
            exception.InnerException is AuthenticationException ? Verdict.Permanent : Verdict.Transient,

        // The status is the proxy's: the dependency was not reached, so it cannot be in good health.
        HttpRequestError.ProxyTunnelError =>
            exception.StatusCode is { } proxy && Of(proxy).Again == Again.No ? Verdict.Permanent : Verdict.Transient,
        HttpRequestError.UserAuthenticationError => Verdict.Ignored,
        HttpRequestError.VersionNegotiationError or HttpRequestError.ConfigurationLimitExceeded
            or HttpRequestError.ExtendedConnectNotSupported => Verdict.Permanent,
        _ => exception.StatusCode is { } status ? Of(status) : Verdict.Transient,
    };
}
