using Resilience.Testing;

namespace Resilience.Http.Tests;

/// <summary>A fault server, a manual clock, and a client whose attempts are counted.</summary>
public abstract class FaultTestBase : IAsyncDisposable
{
    private readonly AttemptCounter _attempts = new();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected FaultServer Server { get; } = FaultServer.Start();

    protected ManualClock Clock { get; } = new();

    protected int Attempts => _attempts.Count;

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static RetryOptions AtOnce() => new() { Backoff = Backoff.Constant(TimeSpan.Zero) };

    protected PipelineBuilder<HttpResponseMessage> Builder() =>
        new PipelineBuilder<HttpResponseMessage> { TimeProvider = Clock }.Classify(new HttpClassifier(Clock));

    protected HttpClient Client(PipelineBuilder<HttpResponseMessage> builder)
    {
        _attempts.InnerHandler = new SocketsHttpHandler();
        return new HttpClient(new ResilienceHandler(_attempts, builder.Build())) { Timeout = Timeout.InfiniteTimeSpan };
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
}
