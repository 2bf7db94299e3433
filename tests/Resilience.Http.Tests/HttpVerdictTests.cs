using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Resilience.Testing;

namespace Resilience.Http.Tests;

public sealed class HttpVerdictTests
{
    [Fact]
    public void EveryStatus_HasTheVerdictOfItsClass()
    {
        for (var status = 100; status <= 999; status++)
        {
            var expected = status switch
            {
                429 => new Verdict(Health.None, Again.After),
                408 or >= 500 => new Verdict(Health.Bad, Again.Yes),
                _ => new Verdict(Health.Good, Again.No),
            };
            var verdict = HttpVerdict.Of((HttpStatusCode)status);
            Assert.True((expected.Health, expected.Again) == (verdict.Health, verdict.Again), $"{status}: {verdict}");
            Assert.Equal(TimeSpan.Zero, verdict.RetryAfter);
        }
    }

    [Theory]
    [InlineData(503, "7", Health.Bad, Again.After, 7)]
    [InlineData(500, "7", Health.Bad, Again.After, 7)]
    [InlineData(408, "7", Health.Bad, Again.After, 7)]
    [InlineData(429, "7", Health.None, Again.After, 7)]
    [InlineData(429, "rubbish", Health.None, Again.After, 0)]
    [InlineData(503, "rubbish", Health.Bad, Again.Yes, 0)]
    [InlineData(503, "-1", Health.Bad, Again.Yes, 0)]
    [InlineData(503, "0", Health.Bad, Again.After, 0)]
    [InlineData(404, "7", Health.Good, Again.No, 0)]
    [InlineData(200, "7", Health.Good, Again.No, 0)]
    [InlineData(301, "7", Health.Good, Again.No, 0)]
    public void WhenResponseNamesAWait_TheVerdictHasIt(int status, string retryAfter, Health health, Again again, int seconds)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        var verdict = HttpVerdict.Of(response, new ManualClock());
        Assert.Equal((health, again, TimeSpan.FromSeconds(seconds)), (verdict.Health, verdict.Again, verdict.RetryAfter));
    }

    [Fact]
    public void WhenWaitIsLongerThanTime_TheVerdictHasTheLongest()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.TryAddWithoutValidation("Retry-After", "1000000000000");
        Assert.Equal(Verdict.MaxRetryAfter, HttpVerdict.Of(response, new ManualClock()).RetryAfter);
    }

    [Theory]
    [InlineData(HttpRequestError.Unknown)]
    [InlineData(HttpRequestError.NameResolutionError)]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    [InlineData(HttpRequestError.HttpProtocolError)]
    [InlineData(HttpRequestError.InvalidResponse)]
    [InlineData(HttpRequestError.ProxyTunnelError)]
    [InlineData(HttpRequestError.ResponseEnded)]
    public void WhenRequestBrokeOnTheWay_Transient(HttpRequestError error) =>
        Assert.Equal(Verdict.Transient, HttpVerdict.Of(new HttpRequestException(error)));

    [Theory]
    [InlineData(HttpRequestError.ExtendedConnectNotSupported)]
    [InlineData(HttpRequestError.VersionNegotiationError)]
    [InlineData(HttpRequestError.ConfigurationLimitExceeded)]
    public void WhenRequestWouldBreakAgain_Permanent(HttpRequestError error) =>
        Assert.Equal(Verdict.Permanent, HttpVerdict.Of(new HttpRequestException(error)));

    [Fact]
    public void WhenCertificateIsRejected_Permanent() => Assert.Equal(
        Verdict.Permanent,
        HttpVerdict.Of(new HttpRequestException(HttpRequestError.SecureConnectionError, null, new AuthenticationException())));

    [Fact]
    public void WhenHandshakeIsCut_Transient() => Assert.Equal(
        Verdict.Transient,
        HttpVerdict.Of(new HttpRequestException(HttpRequestError.SecureConnectionError, null, new IOException())));

    [Theory]
    [InlineData(HttpStatusCode.ProxyAuthenticationRequired, false)]
    [InlineData(HttpStatusCode.BadGateway, true)]
    public void WhenProxyRefusesTheTunnel_ItsStatusDecidesWhetherAgain(HttpStatusCode status, bool again)
    {
        var verdict = HttpVerdict.Of(new HttpRequestException(HttpRequestError.ProxyTunnelError, statusCode: status));
        Assert.Equal(again ? Verdict.Transient : Verdict.Permanent, verdict);
    }

    [Fact]
    public void WhenExceptionCarriesAStatus_ItHasTheVerdictOfIt()
    {
        Assert.Equal(Verdict.Success, HttpVerdict.Of(new HttpRequestException(null, null, HttpStatusCode.NotFound)));
        Assert.Equal(Verdict.Transient, HttpVerdict.Of(new HttpRequestException(null, null, HttpStatusCode.BadGateway)));
        Assert.Equal(Again.After, HttpVerdict.Of(new HttpRequestException(null, null, HttpStatusCode.TooManyRequests)).Again);
    }

    [Fact]
    public void WhenTheCalleeGaveUpByItself_Transient()
    {
        Assert.Equal(Verdict.Transient, HttpVerdict.Of(new TaskCanceledException("HttpClient.Timeout", new TimeoutException())));
        Assert.Equal(Verdict.Transient, HttpVerdict.Of(new OperationCanceledException()));
        Assert.Equal(Verdict.Transient, HttpVerdict.Of(new TimeoutException()));
        Assert.Equal(Verdict.Transient, HttpVerdict.Of(new IOException()));
        Assert.Equal(Verdict.Transient, HttpVerdict.Of(new SocketException((int)SocketError.ConnectionReset)));
    }

    [Fact]
    public void WhenNoNetworkHasAPartInIt_Ignored()
    {
        Assert.Equal(Verdict.Ignored, HttpVerdict.Of(new HttpRequestException(HttpRequestError.UserAuthenticationError)));
        Assert.Equal(Verdict.Ignored, HttpVerdict.Of(new InvalidOperationException()));
        Assert.Equal(Verdict.Ignored, HttpVerdict.Of(new ObjectDisposedException("handler")));
        Assert.Equal(Verdict.Ignored, HttpVerdict.Of(new NotSupportedException("ftp")));
    }

    [Fact]
    public void WhenArgumentIsNull_ItIsNamed()
    {
        Assert.Throws<ArgumentNullException>("exception", () => HttpVerdict.Of((Exception)null!));
        Assert.Throws<ArgumentNullException>("response", () => HttpVerdict.Of(null!, TimeProvider.System));
        Assert.Throws<ArgumentNullException>("time", () => HttpVerdict.Of(new HttpResponseMessage(), null!));
        Assert.Throws<ArgumentNullException>("time", () => new HttpClassifier(null!));
    }
}
