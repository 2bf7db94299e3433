using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Chaoses;

/// <summary>What each kind of chaos does to an attempt, and what the strategies outside it make of that.</summary>
public sealed class ChaosTests : FreshStack
{
    private readonly ManualClock _clock = new();
    private readonly Probe _outside = new();
    private readonly Callee _callee = new();
    private int _starts;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenLatencyIsInjected_TheCallbackStartsExactlyThatMuchLater()
    {
        foreach (var latency in new[] { ChaosInjection.Latency(TimeSpan.FromSeconds(3)), ChaosInjection.Latency(_ => TimeSpan.FromSeconds(3)) })
        {
            _starts = 0;
            var call = Build(latency).ExecuteAsync(Succeed, Stop);
            _clock.Advance(TimeSpan.FromSeconds(3) - new TimeSpan(1));
            Assert.Equal(0, _starts);
            _clock.Advance(new TimeSpan(1));
            Assert.Equal(1, _starts);
            Assert.Equal(7, await call);
        }
    }

    [Fact]
    public async Task WhenLatencyReachesBeyondAnAttemptsDeadline_TheAttemptTimesOut_AndIsTriedAgain()
    {
        var latencies = new Queue<int>([60, 0]);
        var pipeline = Builder().AddRetry(new RetryOptions { Backoff = Backoff.None }).Add(_outside).AddTimeout(TimeSpan.FromSeconds(5), "attempt")
            .AddChaos(On(ChaosInjection.Latency(_ => TimeSpan.FromSeconds(latencies.Dequeue())))).Build();
        var call = pipeline.ExecuteAsync(Succeed, Stop);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(7, await call);
        Assert.Equal([Verdict.Transient, Verdict.Success], _outside.Verdicts);
        Assert.Equal((1, 0), (_starts, Clock.For(_clock).Sweeper.Armed));
    }

    [Fact]
    public async Task WhenTheCallerCancelsDuringLatency_TheCallEnds_AndSaysNothingOfTheDependency()
    {
        using var caller = new CancellationTokenSource();
        var call = Build(ChaosInjection.Latency(TimeSpan.FromHours(1))).ExecuteOutcomeAsync(Succeed, caller.Token);
        await caller.CancelAsync();
        Assert.IsAssignableFrom<OperationCanceledException>((await call).Exception);
        Assert.Equal((0, Verdict.Ignored), (_starts, Assert.Single(_outside.Verdicts)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task WhenGeneratedLatencyIsNotAboveZero_TheCallbackStartsAtOnce(int seconds) =>
        Assert.Equal(7, await Build(ChaosInjection.Latency(_ => TimeSpan.FromSeconds(seconds))).ExecuteAsync(Succeed, Stop));

    [Fact]
    public async Task WhenAFaultIsInjected_ItIsTheOutcome_ClassifiedAsAnyOther_AndTheCallbackDoesNotStart()
    {
        var fault = new IOException();
        var outcome = await Build(ChaosInjection.Fault(_ => fault)).ExecuteOutcomeAsync(Succeed, Stop);
        Assert.Same(fault, outcome.Exception);
        Assert.Equal((0, Verdict.Transient), (_starts, Assert.Single(_outside.Verdicts)));
        Assert.Equal(7, await Build(ChaosInjection.Fault(_ => null)).ExecuteAsync(Succeed, Stop));
    }

    [Fact]
    public async Task WhenFaultsAreInjectedInsideARetry_EachIsTriedAgain()
    {
        var asked = 0;
        var pipeline = Builder().AddRetry(new RetryOptions { Backoff = Backoff.None })
            .AddChaos(On(ChaosInjection.Fault(_ => asked++ < 2 ? new IOException() : null))).Build();
        Assert.Equal(7, await pipeline.ExecuteAsync(Succeed, Stop));
        Assert.Equal((3, 1), (asked, _starts));
    }

    [Fact]
    public async Task WhenAResultOrOutcomeIsInjected_ItIsClassifiedAsAnyOther()
    {
        foreach (var injection in new[]
        {
            ChaosInjection.Result(_ => 503),
            ChaosInjection.Ending(_ => Outcome.FromResult(503)),
            ChaosInjection.Weighted((1, ChaosInjection.Result(_ => 503)), (0, ChaosInjection.Fault(_ => new IOException()))),
        })
        {
            var pipeline = Builder().Classify(rules => rules.OnResult(r => r == 503, Verdict.Permanent)).Add(_outside).AddChaos(On(injection)).Build();
            Assert.Equal(503, await pipeline.ExecuteAsync(Succeed, Stop));
            Assert.Equal(Verdict.Permanent, _outside.Verdicts[^1]);
        }

        var failing = await Build(ChaosInjection.Ending(_ => Outcome.FromException<int>(new IOException()))).ExecuteOutcomeAsync(Succeed, Stop);
        Assert.IsType<IOException>(failing.Exception);
        Assert.Equal(0, _starts);
    }

    [Fact]
    public async Task WhenResultsAreOneChoiceOfSeveral_TheOthersDoTheirsToo()
    {
        var next = 0;
        var pipeline = Build(ChaosInjection.Chosen(
            _ => next++, ChaosInjection.Result(_ => 1), ChaosInjection.Latency(TimeSpan.FromSeconds(1)), ChaosInjection.Fault(_ => new IOException())));
        Assert.Equal(1, await pipeline.ExecuteAsync(Succeed, Stop));
        var call = pipeline.ExecuteAsync(Succeed, Stop);
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(7, await call);
        Assert.IsType<IOException>((await pipeline.ExecuteOutcomeAsync(Succeed, Stop)).Exception);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenBehaviourIsInjected_ItEndsBeforeTheCallbackStarts(bool suspends)
    {
        var ran = 0;
        var call = Build(ChaosInjection.Behaviour(c =>
        {
            ran++;
            return suspends ? _callee.Wait(c.Context.CancellationToken) : default;
        })).ExecuteAsync(Succeed, Stop);
        if (suspends)
        {
            Assert.Equal((1, 0), (ran, _starts));
            _callee.Return(0);
        }

        Assert.Equal(7, await call);
        Assert.Equal((1, 1), (ran, _starts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenBehaviourFails_TheCallFailsWithThat_AndSaysNothingOfTheDependency(bool suspends)
    {
        var call = Build(ChaosInjection.Behaviour(c => suspends ? _callee.Wait(default) : throw new NotSupportedException())).ExecuteOutcomeAsync(Succeed, Stop);
        if (suspends)
        {
            _callee.Fail(new NotSupportedException());
        }

        Assert.IsType<NotSupportedException>((await call).Exception);
        Assert.Equal((0, Verdict.Ignored), (_starts, Assert.Single(_outside.Verdicts)));
    }

    [Fact]
    public void WhenTheCallIsSynchronous_LatencyBlocksByTheClock_AndBehaviourThatSuspendsFailsByName()
    {
        var result = 0;
        var thread = new Thread(() => result = Build(ChaosInjection.Latency(TimeSpan.FromSeconds(1))).Execute((CancellationToken _) => 7, CancellationToken.None));
        thread.Start();
        SpinWait.SpinUntil(() => _clock.ActiveTimers == 1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        thread.Join();
        Assert.Equal(7, result);
        var thrown = Assert.Throws<InvalidOperationException>(() =>
            Build(ChaosInjection.Behaviour(_ => _callee.Wait(default))).Execute((CancellationToken _) => 7, Stop));
        Assert.Contains("'chaos'", thrown.Message, StringComparison.Ordinal);
    }

    private static ChaosOptions On(ChaosInjection injection) => new() { Injection = injection, Rate = 1, Activation = ChaosActivation.Always };

    private ValueTask<int> Succeed(CancellationToken token)
    {
        _starts++;
        return new ValueTask<int>(7);
    }

    private PipelineBuilder<int> Builder() => new() { TimeProvider = _clock };

    private Pipeline<int> Build(ChaosInjection injection) => Builder().Add(_outside).AddChaos(On(injection)).Build();
}
