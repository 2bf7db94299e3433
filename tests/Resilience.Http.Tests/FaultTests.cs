using System.Net;
using Resilience.Testing;

namespace Resilience.Http.Tests;

/// <summary>HttpClient on real sockets against a server that breaks byte by byte.</summary>
public sealed class FaultTests : IAsyncDisposable
{
    private readonly FaultServer _server = FaultServer.Start();
    private readonly ManualClock _clock = new();
    private readonly AttemptCounter _attempts = new();

    public static TheoryData<string> BreaksBeforeTheResponse => ["reset on connect", "reset before headers", "reset within headers", "garbage"];

    public static TheoryData<string> BreaksInTheBody => ["reset after headers", "short content", "unended chunks"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(BreaksBeforeTheResponse))]
    public async Task WhenTheConnectionBreaksBeforeTheResponse_TriesAgain(string fault)
    {
        _server.Enqueue(Named(fault), Named(fault), Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()));
        Assert.Equal("whole", await client.GetStringAsync(_server.Address, Stop));
        Assert.Equal((3, 3), (_attempts.Count, _server.Connections));
    }

    [Theory]
    [MemberData(nameof(BreaksBeforeTheResponse))]
    public async Task WhenItBreaksEachTime_TheLastExceptionIsThrown(string fault)
    {
        _server.Otherwise = Named(fault);
        _server.Enqueue(Named(fault), Named(fault), Named(fault), Named(fault));
        using var client = Client(Builder().AddRetry(AtOnce()));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(_server.Address, Stop));
        Assert.Equal((4, 4), (_attempts.Count, _server.Connections));
    }

    [Theory]
    [MemberData(nameof(BreaksBeforeTheResponse))]
    public async Task WhenItBreaksForAnUnsafeMethod_OneAttempt(string fault)
    {
        _server.Enqueue(Named(fault));
        using var client = Client(Builder().AddRetry(AtOnce()));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(_server.Address, new StringContent("order"), Stop));
        Assert.Equal((1, 1), (_attempts.Count, _server.Connections));
    }

    [Theory]
    [MemberData(nameof(BreaksInTheBody))]
    public async Task WhenTheBodyBreaks_TheAttemptHasEndedWell_AndTheReaderIsTold(string fault)
    {
        _server.Enqueue(Named(fault));
        using var client = Client(Builder().AddRetry(AtOnce()));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(_server.Address, Stop));
        Assert.Equal((1, 1), (_attempts.Count, _server.Connections));
    }

    [Fact]
    public async Task WhenABodyOfADiscardedResponseNeverEnds_ItsConnectionIsGivenUp()
    {
        _server.Enqueue(Answer.Raw("HTTP/1.1 503 Said\r\nTransfer-Encoding: chunked\r\n\r\n").ThenForever("4\r\n1234\r\n"), Answer.Status(200, "whole"));
        using (var client = Client(Builder().AddRetry(AtOnce())))
        {
            Assert.Equal("whole", await client.GetStringAsync(_server.Address, Stop));
            Assert.Equal((2, 2), (_attempts.Count, _server.Connections));
        }

        await NobodyConnectedAsync();
    }

    [Fact]
    public async Task WhenHeadersNeverEnd_OneAttempt()
    {
        _server.Enqueue(Answer.EndlessHeaders);
        using var client = Client(Builder().AddRetry(AtOnce()));
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(_server.Address, Stop));
        Assert.Equal((HttpRequestError.ConfigurationLimitExceeded, 1), (error.HttpRequestError, _attempts.Count));
        await NobodyConnectedAsync();
    }

    // The framework's handler sends a request four times by itself when connections end in good order without a byte.
    [Fact]
    public async Task WhenTheServerEndsItsDirection_TheFrameworkResendsWithinAnAttempt_AndTheRetryAfterIt()
    {
        _server.Otherwise = Answer.HalfClose;
        using var client = Client(Builder().AddRetry(AtOnce() with { MaxRetries = 1 }));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(_server.Address, Stop));
        Assert.Equal((2, 8), (_attempts.Count, _server.Requests.Count));
        await NobodyConnectedAsync();
    }

    [Fact]
    public async Task WhenAKeptConnectionIsStale_TheFrameworkOpensAnother_WithinTheAttempt()
    {
        _server.Enqueue(Answer.Status(200), Answer.Raw("").ThenClose(), Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()));
        (await client.GetAsync(_server.Address, Stop)).Dispose();
        Assert.Equal("whole", await client.GetStringAsync(_server.Address, Stop));
        Assert.Equal((2, 3, 2), (_attempts.Count, _server.Requests.Count, _server.Connections));
    }

    [Fact]
    public async Task WhenAKeptConnectionIsReset_TheRetryOpensAnother()
    {
        _server.Enqueue(Answer.Status(200), Answer.ResetBeforeHeaders, Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()));
        (await client.GetAsync(_server.Address, Stop)).Dispose();
        Assert.Equal("whole", await client.GetStringAsync(_server.Address, Stop));
        Assert.Equal((3, 3, 2), (_attempts.Count, _server.Requests.Count, _server.Connections));
    }

    [Fact]
    public async Task WhenTheServerIsSilent_TheAttemptTimesOut_AndIsTriedAgain()
    {
        _server.Enqueue(Answer.Silence, Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()).AddTimeout(TimeSpan.FromSeconds(10)));
        var call = client.GetStringAsync(_server.Address, Stop);
        await RequestsAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("whole", await call);
        Assert.Equal(2, _attempts.Count);
    }

    [Fact]
    public async Task WhenTheServerStaysSilent_TheDeadlineHolds_AndNothingStaysBehind()
    {
        _server.Otherwise = Answer.Silence;
        var probe = new BalanceProbe();
        using var client = Client(
            Builder().AddTimeout(TimeSpan.FromSeconds(25)).AddRetry(AtOnce()).Add(probe).AddTimeout(TimeSpan.FromSeconds(10)));
        var call = client.GetAsync(_server.Address, Stop);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await RequestsAsync(attempt);
            Assert.False(call.IsCompleted);
            _clock.Advance(TimeSpan.FromSeconds(attempt < 3 ? 10 : 5));
        }

        var error = await Assert.ThrowsAsync<TimeoutRejectedException>(() => call);
        Assert.Equal((TimeSpan.FromSeconds(25), 3, 0), (error.Timeout, _attempts.Count, probe.Held));
        Assert.Equal(0, _clock.ActiveTimers);
        await NobodyConnectedAsync();
    }

    [Fact]
    public async Task WhenHeadersDrip_TheAttemptTimesOut_HoweverManyBytesCame()
    {
        _server.Enqueue(Answer.Status(200, "never whole").Dripped(), Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()).AddTimeout(TimeSpan.FromSeconds(2)));
        var call = client.GetStringAsync(_server.Address, Stop);
        for (var tenths = 0; tenths < 20; tenths++)
        {
            await _server.StepAsync(Stop);
            Assert.Equal(1, _attempts.Count);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal("whole", await call);
        Assert.Equal(2, _attempts.Count);
    }

    [Theory]
    [InlineData(503, 2, "0")]
    [InlineData(503, 2, "-1")]
    [InlineData(503, 1, "1000000000000")]
    [InlineData(503, 2, "Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData(503, 1, "Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData(503, 2, "soon")]
    [InlineData(503, 1, "0", "1000000000000")]
    [InlineData(503, 2, "soon", "0")]
    [InlineData(429, 2, "0")]
    [InlineData(429, 2, "-1")]
    [InlineData(429, 1, "1000000000000")]
    [InlineData(429, 2, "Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData(429, 1, "Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData(429, 2, "soon")]
    [InlineData(429, 1, "1000000000000", "0")]
    [InlineData(429, 2)]
    public async Task WhenTheServerSaysWhen_OnlyWaitsWithinTheCapAreTaken(int status, int attempts, params string[] retryAfter)
    {
        _server.Enqueue(Answer.Status(status, [.. retryAfter.Select(value => ("Retry-After", value))]));
        using var client = Client(Builder().AddRetry(AtOnce()));
        using var response = await client.GetAsync(_server.Address, Stop);
        Assert.Equal((attempts, attempts == 2), (_attempts.Count, response.IsSuccessStatusCode));
        Assert.Equal(1, _server.Connections);
    }

    [Fact]
    public async Task WhenABodyCanBeSentAgain_TheServerGetsItWholeEachTime()
    {
        _server.Enqueue(Answer.ResetBeforeHeaders, Answer.Status(503), Answer.Status(200));
        using var client = Client(Builder().AddRetry(AtOnce()));
        using var body = new StreamContent(new MemoryStream([.. "a body of some length"u8]));
        using var response = await client.PutAsync(_server.Address, body, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Enumerable.Repeat("a body of some length", 3), _server.Requests.Select(request => request.Text));
    }

    [Fact]
    public async Task WhenABodyCannotRewind_TheServerGetsItOnce()
    {
        _server.Enqueue(Answer.Status(503));
        using var client = Client(Builder().AddRetry(AtOnce()));
        using var body = new StreamContent(new ForwardStream([.. "once"u8]));
        using var response = await client.PutAsync(_server.Address, body, Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("once", Assert.Single(_server.Requests).Text);
    }

    [Fact]
    public async Task WhenARedirectLedToAFailure_TheNextAttemptBeginsAtItsStart_WithItsCredentials()
    {
        _server.Enqueue(
            Answer.Status(302, ("Location", "/elsewhere")), Answer.Status(503), Answer.Status(302, ("Location", "/elsewhere")), Answer.Status(200));
        using var client = Client(Builder().AddRetry(AtOnce()));
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Address) { Headers = { Authorization = new("Bearer", "secret") } };
        using var response = await client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            ["/ Bearer secret", "/elsewhere ", "/ Bearer secret", "/elsewhere "],
            _server.Requests.Select(received => $"{received.Target} {received.Header("Authorization")}"));
    }

    [Fact]
    public void WhenSynchronous_TriesAgain()
    {
        _server.Enqueue(Answer.ResetBeforeHeaders, Answer.Status(503), Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()));
        using var response = client.Send(new HttpRequestMessage(HttpMethod.Get, _server.Address), Stop);
        Assert.Equal((HttpStatusCode.OK, 3), (response.StatusCode, _attempts.Count));
    }

    [Fact]
    public async Task WhenTheClientsOwnTimeoutEndsTheCall_ItIsTheCallersCancellation()
    {
        _server.Otherwise = Answer.Silence;
        var probe = new BalanceProbe();
        using var client = Client(Builder().AddRetry(AtOnce()).Add(probe));
        using var caller = new CancellationTokenSource();
        var call = client.GetAsync(_server.Address, caller.Token);
        await RequestsAsync(1);
        await caller.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Equal((1, 0, Health.None), (_attempts.Count, probe.Held, probe.Last.Health));
        await NobodyConnectedAsync();
    }

    private static RetryOptions AtOnce() => new() { Backoff = Backoff.Constant(TimeSpan.Zero) };

    private static Answer Named(string fault) => fault switch
    {
        "reset on connect" => Answer.ResetOnConnect,
        "reset before headers" => Answer.ResetBeforeHeaders,
        "reset within headers" => Answer.ResetWithinHeaders,
        "garbage" => Answer.Raw("nonsense\r\n\r\n").ThenClose(),
        "reset after headers" => Answer.ResetAfterHeaders,
        "short content" => Answer.ShortContent,
        _ => Answer.UnendedChunks,
    };

    private PipelineBuilder<HttpResponseMessage> Builder() =>
        new PipelineBuilder<HttpResponseMessage> { TimeProvider = _clock }.Classify(new HttpClassifier(_clock));

    private HttpClient Client(PipelineBuilder<HttpResponseMessage> builder)
    {
        _attempts.InnerHandler = new SocketsHttpHandler();
        return new HttpClient(new ResilienceHandler(_attempts, builder.Build())) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private async Task RequestsAsync(int count)
    {
        while (_server.Requests.Count < count)
        {
            await Task.Yield();
        }
    }

    private async Task NobodyConnectedAsync()
    {
        while (_server.OpenConnections > 0)
        {
            await Task.Yield();
        }
    }

    private sealed class AttemptCounter : DelegatingHandler
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return base.SendAsync(request, cancellationToken);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return base.Send(request, cancellationToken);
        }
    }

    private sealed class BalanceProbe() : Strategy("balance")
    {
        private int _held;

        public int Held => Volatile.Read(ref _held);

        public Verdict Last { get; private set; }

        protected override Entry TryEnter(ref CallFrame frame, ref Slot slot)
        {
            Interlocked.Increment(ref _held);
            return Entry.Go;
        }

        protected override Exit Leave(ref CallFrame frame, ref Slot slot)
        {
            Interlocked.Decrement(ref _held);
            Last = frame.Verdict;
            return Exit.Continue;
        }
    }
}
