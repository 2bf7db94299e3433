using System.Net;

namespace Resilience.Rpc;

/// <summary>The fault class of what went wrong with an HTTP exchange, before any document was read.</summary>
internal static class HttpFault
{
    /// <summary>The class of an exception; null for one that is a mistake in the calling program.</summary>
    internal static FaultClass? Of(Exception exception) => exception switch
    {
        HttpRequestException request => Of(request.HttpRequestError),
        HttpIOException io => Of(io.HttpRequestError),
        RejectedException rejected => Of(rejected.Reason),
        TimeoutException or OperationCanceledException => FaultClass.Timeout,
        InvalidDataException => FaultClass.Protocol,
        IOException or System.Net.Sockets.SocketException => FaultClass.Network,
        _ => null,
    };

    /// <summary>The longest wait that the headers ask for; zero if none.</summary>
    internal static TimeSpan RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        if (response.Headers.RetryAfter is not { } value)
        {
            return TimeSpan.Zero;
        }

        // An HTTP date is the one thing that has to be held against a wall clock.
        var wait = value.Delta ?? (value.Date is { } date ? date - time.GetUtcNow() : TimeSpan.Zero);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Whether a status outranks the body: too many requests, or unavailable for a stated while.</summary>
    internal static bool IsThrottled(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.TooManyRequests
        || (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.NonValidated.Contains("Retry-After"));

    private static FaultClass Of(HttpRequestError error) => error switch
    {
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError
            or HttpRequestError.ExtendedConnectNotSupported => FaultClass.Protocol,
        HttpRequestError.UserAuthenticationError => FaultClass.Auth,
        _ => FaultClass.Network,
    };

    private static FaultClass Of(RejectionReason reason) => reason switch
    {
        RejectionReason.CircuitOpen or RejectionReason.CircuitIsolated => FaultClass.BreakerOpen,
        RejectionReason.LimitReached => FaultClass.RateLimited,
        RejectionReason.DeadlinePassed => FaultClass.Timeout,
        _ => FaultClass.NotStarted,
    };
}
