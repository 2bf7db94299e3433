using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Retry;

/// <summary>The hook before each wait, the user's delay generator, and what becomes of what they throw.</summary>
public sealed class RetryHookTests : FreshStack
{
    private readonly ManualClock _clock = new();
    private readonly Callee _callee = new();
    private readonly Callee _hook = new(heedsToken: false);
    private readonly Probe _probe = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenAHookCompletesAtOnce_ItIsCalledBeforeEachWait_WithWhatHappened()
    {
        var events = new List<RetryEvent>();
        var pipeline = Build(2, Backoff.Linear(TimeSpan.FromSeconds(1)), e =>
        {
            events.Add(e);
            return default;
        });
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        for (var i = 0; i < 2; i++)
        {
            _callee.Fail(new IOException());
            Assert.Equal(i + 1, events.Count);
            _clock.Advance(TimeSpan.FromSeconds(i + 1));
        }

        _callee.Fail(new IOException());
        await call;
        Assert.Equal([0, 1], events.Select(e => e.Attempt));
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], events.Select(e => e.Delay));
        Assert.All(events, e => Assert.IsType<IOException>(e.Exception));
        Assert.All(events, e => Assert.Equal(Verdict.Transient, e.Verdict));
        Assert.All(events, e => Assert.Null(e.Rejection));
    }

    [Fact]
    public async Task WhenAHookTakesItsTime_TheWaitBeginsWhenItIsDone()
    {
        var call = Build(1, Backoff.Constant(TimeSpan.FromSeconds(1)), e => _hook.Wait(e.Context.CancellationToken)).ExecuteAsync(_callee.Start, Stop);
        _callee.Fail(new IOException());
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, _callee.Starts);
        _hook.Return(0);
        _clock.Advance(TimeSpan.FromSeconds(1) - new TimeSpan(1));
        Assert.Equal(1, _callee.Starts);
        _clock.Advance(new TimeSpan(1));
        Assert.Equal(2, _callee.Starts);
        _callee.Return(7);
        Assert.Equal(7, await call);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenAHookUsedUpTheTimeForTheWait_TheLastOutcomeGoesOnAtOnce(bool suspends)
    {
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }
            .Add(_probe)
            .AddTimeout(TimeSpan.FromSeconds(10))
            .AddRetry(new RetryOptions
            {
                Backoff = Backoff.Constant(TimeSpan.FromSeconds(4)),
                OnRetry = e =>
                {
                    if (suspends)
                    {
                        return _hook.Wait(e.Context.CancellationToken);
                    }

                    _clock.Advance(TimeSpan.FromSeconds(7));
                    return default;
                },
            })
            .Build();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _callee.Fail(new FormatException());
        if (suspends)
        {
            _clock.Advance(TimeSpan.FromSeconds(7));
            _hook.Return(0);
        }

        Assert.True(call.IsCompleted);
        Assert.IsType<FormatException>((await call).Exception);
        Assert.Equal([Verdict.Transient], _probe.Verdicts);
    }

    [Fact]
    public async Task WhenTheCallerCancelsDuringAHookThatEndsWell_TheLastOutcomeGoesOnAtOnce()
    {
        using var caller = new CancellationTokenSource();
        var call = Build(1, Backoff.None, e => _hook.Wait(e.Context.CancellationToken)).ExecuteOutcomeAsync(_callee.Start, caller.Token);
        _callee.Fail(new FormatException());
        await caller.CancelAsync();
        _hook.Return(0);
        Assert.True(call.IsCompleted);
        Assert.IsType<FormatException>((await call).Exception);
        Assert.Equal(1, _callee.Starts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenAHookThrows_TheCallFailsWithThat_AndIsNotTriedAgain(bool suspends)
    {
        var pipeline = Build(3, Backoff.None, e => suspends ? _hook.Wait(e.Context.CancellationToken) : throw new NotSupportedException());
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _callee.Fail(new IOException());
        if (suspends)
        {
            _hook.Fail(new NotSupportedException());
        }

        Assert.True(call.IsCompleted);
        Assert.IsType<NotSupportedException>((await call).Exception);
        Assert.Equal(1, _callee.Starts);
        Assert.Equal([Verdict.Ignored], _probe.Verdicts);
    }

    [Fact]
    public async Task WhenTheDelayGeneratorThrows_TheCallFailsWithThat_AndIsNotTriedAgain()
    {
        var call = Build(3, Backoff.Generate(_ => throw new NotSupportedException()), null).ExecuteOutcomeAsync(_callee.Start, Stop);
        _callee.Fail(new IOException());
        Assert.IsType<NotSupportedException>((await call).Exception);
        Assert.Equal(1, _callee.Starts);
        Assert.Equal([Verdict.Ignored], _probe.Verdicts);
    }

    [Fact]
    public async Task WhenADelayGeneratorIsGiven_ItIsAskedOncePerRetry_AndOnlyWhenOneWillBeMade()
    {
        var asked = new List<int>();
        var pipeline = Build(2, Backoff.Generate(attempt => new TimeSpan(Add(asked, attempt))), null);
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        for (var i = 0; i < 3; i++)
        {
            _callee.Fail(new IOException());
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await call;
        Assert.Equal([0, 1], asked);

        static int Add(List<int> list, int value)
        {
            list.Add(value);
            return 0;
        }
    }

    [Fact]
    public void WhenASynchronousCallsHookSuspends_TheCallFailsByName()
    {
        var pipeline = Build(1, Backoff.None, e => _hook.Wait(e.Context.CancellationToken));
        var thrown = Assert.Throws<InvalidOperationException>(() => pipeline.Execute(Throw, Stop));
        Assert.Contains("'retry'", thrown.Message, StringComparison.Ordinal);

        static int Throw(CancellationToken token) => throw new IOException();
    }

    private Pipeline<int> Build(int retries, Backoff backoff, Func<RetryEvent, ValueTask>? hook) =>
        new PipelineBuilder<int> { TimeProvider = _clock }
            .Add(_probe)
            .AddRetry(new RetryOptions { MaxRetries = retries, Backoff = backoff, OnRetry = hook })
            .Build();
}
