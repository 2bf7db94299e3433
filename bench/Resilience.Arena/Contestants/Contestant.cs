namespace Resilience.Arena;

/// <summary>A way to call the upstream: a client, and how to tell its refusals from failures.</summary>
internal abstract class Contestant : IDisposable
{
    protected Contestant(HttpClient client)
    {
        Client = client;
    }

    public HttpClient Client { get; }

    /// <summary>The breaker's changes; stays empty where there is no breaker.</summary>
    public BreakerLog Changes { get; init; } = new();

    public static Contestant Create(ContestantName name, Policy policy) => name switch
    {
        ContestantName.Bare => new BareContestant(policy),
        ContestantName.Polly => PollyContestant.Create(policy),
        ContestantName.Ours => OursContestant.Create(policy),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such contestant."),
    };

    /// <summary>What the exception that ended a call means.</summary>
    public virtual CallEnd Meaning(Exception exception) => exception switch
    {
        OperationCanceledException { InnerException: TimeoutException } => CallEnd.TimedOut,
        OperationCanceledException => CallEnd.Unfinished,
        _ => CallEnd.Failed,
    };

    public void Dispose() => Client.Dispose();

    /// <summary>The bottom of every contestant's chain: the framework's handler as it comes.</summary>
    protected static HttpMessageHandler Transport() => new SocketsHttpHandler();
}
