using Resilience.Testing;

namespace Resilience.Rpc.Tests.FanOut;

/// <summary>Endpoints that do what a test tells them, on a clock that it moves.</summary>
internal sealed class Desk
{
    private readonly List<Call>[] _calls;
    private readonly Dictionary<(int Endpoint, int Attempt), Func<ValueTask<Answer>>> _scripts = [];
    private readonly HashSet<int> _deaf = [];

    public Desk(int count, EndpointSetOptions? options = null, Func<EndpointOptions<int>, EndpointOptions<int>>? each = null)
    {
        _calls = [.. Enumerable.Range(0, count).Select(_ => new List<Call>())];
        Set = new EndpointSet<int>(
            Enumerable.Range(0, count).Select(i => (each ?? (static e => e))(new EndpointOptions<int> { Name = $"e{i}", Target = i })),
            (options ?? new EndpointSetOptions { Exploration = 0 }) with { TimeProvider = Clock });
    }

    public ManualClock Clock { get; } = new();

    public EndpointSet<int> Set { get; }

    /// <summary>Which endpoints were asked, in order.</summary>
    public List<int> Asked { get; } = [];

    public FanOut<int, Answer> Make(FanOutMode mode, Func<FanOutOptions<Answer>, FanOutOptions<Answer>>? change = null) => new(
        Set, (change ?? (static o => o))(new FanOutOptions<Answer>
        {
            Mode = mode,
            Key = static answer => (ulong)answer.Number,
            RetryBackoff = Backoff.Schedule(50.Milliseconds(), 200.Milliseconds(), 800.Milliseconds()),
        }));

    public Desk Answers(int endpoint, int number) => Does(endpoint, () => new ValueTask<Answer>(new Answer(number)));

    public Desk Fails(int endpoint, Exception? exception = null) =>
        Does(endpoint, () => ValueTask.FromException<Answer>(exception ?? new FormatException()));

    /// <summary>Always the same, from the first attempt on.</summary>
    public Desk Does(int endpoint, Func<ValueTask<Answer>> script)
    {
        _scripts[(endpoint, 0)] = script;
        return this;
    }

    /// <summary>From an attempt on, counted from 1.</summary>
    public Desk DoesFrom(int endpoint, int attempt, Func<ValueTask<Answer>> script)
    {
        _scripts[(endpoint, attempt)] = script;
        return this;
    }

    /// <summary>The endpoint ignores its token.</summary>
    public Desk IsDeaf(int endpoint)
    {
        _deaf.Add(endpoint);
        return this;
    }

    /// <summary>An endpoint's calls that wait for the test.</summary>
    public IReadOnlyList<Call> CallsOf(int endpoint) => _calls[endpoint];

    public Call LastOf(int endpoint) => _calls[endpoint][^1];

    public ValueTask<Answer> Ask(int endpoint, CancellationToken token)
    {
        lock (Asked)
        {
            Asked.Add(endpoint);
            var attempt = Asked.Count(e => e == endpoint);
            for (; attempt >= 0; attempt--)
            {
                if (_scripts.TryGetValue((endpoint, attempt), out var script))
                {
                    return script();
                }
            }

            var call = new Call(token, _deaf.Contains(endpoint));
            _calls[endpoint].Add(call);
            return new ValueTask<Answer>(call.Task);
        }
    }

    public ValueTask<FanOutResult<Answer>> Run(FanOut<int, Answer> fanOut, CancellationToken token = default) =>
        fanOut.ExecuteAsync(static (endpoint, desk, token) => desk.Ask(endpoint, token), this, token);
}
