using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>Who cancelled is read from the sources, not from the exception.</summary>
public sealed class WhoCancelledTests : FreshStack
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();
    private readonly Callee _deaf = new(heedsToken: false);
    private readonly Probe _probe = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenTheDeadlineFired_AnyExceptionIsATimeout_WithTheCalleesOwnInside()
    {
        foreach (var exception in new Exception[] { new FormatException(), new OperationCanceledException(), new TimeoutException() })
        {
            var call = Timed().ExecuteOutcomeAsync(_deaf.Start, Stop);
            _clock.Advance(s_second);
            Assert.False(call.IsCompleted);
            _deaf.Fail(exception);
            var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
            Assert.Same(exception, rejected.InnerException);
            Assert.Equal(Verdict.Transient, _probe.Verdicts[^1]);
        }
    }

    [Fact]
    public async Task WhenTheCalleeSucceedsAfterTheDeadline_ItIsASuccess()
    {
        var call = Timed().ExecuteOutcomeAsync(_deaf.Start, Stop);
        _clock.Advance(s_second * 5);
        _deaf.Return(7);
        Assert.Equal(7, (await call).GetResult());
        Assert.Equal([Verdict.Success], _probe.Verdicts);
    }

    [Fact]
    public async Task WhenTheCalleeFailsBeforeTheDeadline_ItIsItsOwnFailure()
    {
        var call = Timed().ExecuteOutcomeAsync(_deaf.Start, Stop);
        _clock.Advance(s_second - new TimeSpan(1));
        _deaf.Fail(new FormatException());
        Assert.IsType<FormatException>((await call).Exception);
        Assert.Equal([Verdict.Transient], _probe.Verdicts);
    }

    [Fact]
    public async Task WhenTheCalleeCancelsItself_ItIsItsOwnFailure_AndTransient()
    {
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }
            .Add(_probe).AddRetry(new RetryOptions { Backoff = Backoff.None, MaxRetries = 1 }).AddTimeout(s_second).Build();
        var call = pipeline.ExecuteOutcomeAsync(_deaf.Start, Stop);
        _deaf.Fail(new TaskCanceledException("HttpClient.Timeout", new TimeoutException()));
        Assert.Equal(2, _deaf.Starts);
        _deaf.Fail(new TaskCanceledException("HttpClient.Timeout", new TimeoutException()));
        Assert.IsType<TaskCanceledException>((await call).Exception);
        Assert.Equal([Verdict.Transient], _probe.Verdicts);
    }

    [Fact]
    public async Task WhenTheCallerCancels_TheOutcomeIsIgnored_AndTheCalleesTokenIsCancelledAtOnce()
    {
        using var caller = new CancellationTokenSource();
        var callee = new Callee();
        var call = Timed().ExecuteOutcomeAsync(callee.Start, caller.Token);
        await caller.CancelAsync();
        Assert.True(call.IsCompleted);
        Assert.IsType<OperationCanceledException>((await call).Exception);
        Assert.Equal([Verdict.Ignored], _probe.Verdicts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenCallerAndDeadlineBothCancel_TheCallerWins_WhoeverWasFirst(bool callerFirst)
    {
        using var caller = new CancellationTokenSource();
        var call = Timed().ExecuteOutcomeAsync(_deaf.Start, caller.Token);
        if (callerFirst)
        {
            await caller.CancelAsync();
        }

        _clock.Advance(s_second);
        await caller.CancelAsync();
        _deaf.Fail(new OperationCanceledException(_deaf.Token));
        Assert.IsType<OperationCanceledException>((await call).Exception);
        Assert.Equal([Verdict.Ignored], _probe.Verdicts);
    }

    [Fact]
    public async Task WhenTheCallerHadCancelledBefore_NothingIsStarted()
    {
        var outcome = await Timed().ExecuteOutcomeAsync(_deaf.Start, new CancellationToken(true));
        Assert.IsType<OperationCanceledException>(outcome.Exception);
        Assert.Equal((0, 0), (_deaf.Starts, _probe.Verdicts.Count));
    }

    [Fact]
    public async Task WhenACalleesCallbackThrowsOnCancellation_TheTimeoutIsATimeoutAllTheSame()
    {
        var call = Timed().ExecuteOutcomeAsync(_deaf.Start, Stop);
        _deaf.Token.Register(() => throw new FormatException());
        _clock.Advance(s_second);
        _deaf.Fail(new OperationCanceledException());
        Assert.IsType<TimeoutRejectedException>((await call).Exception);
    }

    [Fact]
    public async Task WhenTheSweepIsLateByMoreThanTheGap_TheTimeoutSaysNothingOfTheDependency()
    {
        foreach (var (late, verdict) in new[]
        {
            (TimeSpan.Zero, Verdict.Transient),
            (new TimeSpan(Sweeper<Production>.LateTicks), Verdict.Transient),
            (new TimeSpan(Sweeper<Production>.LateTicks + 1), Verdict.Ignored),
            (TimeSpan.FromHours(8), Verdict.Ignored),
        })
        {
            var callee = new Callee();
            var call = Timed().ExecuteOutcomeAsync(callee.Start, Stop);
            _clock.Leap(s_second + late);
            Assert.True(call.IsCompleted);
            Assert.IsType<TimeoutRejectedException>((await call).Exception);
            Assert.Equal(verdict, _probe.Verdicts[^1]);
            Assert.Equal(verdict.Health, _probe.Verdicts[^1].Health);
        }
    }

    [Fact]
    public async Task WhenTheMachineStoodStill_TheNextCallsTimeoutCountsAgain()
    {
        foreach (var expected in new[] { Health.None, Health.Bad, Health.None, Health.Bad })
        {
            var callee = new Callee();
            var call = Timed().ExecuteOutcomeAsync(callee.Start, Stop);
            if (expected == Health.None)
            {
                _clock.Leap(TimeSpan.FromHours(1));
            }
            else
            {
                _clock.Advance(s_second);
            }

            await call;
            Assert.Equal(expected, _probe.Verdicts[^1].Health);
        }
    }

    private Pipeline<int> Timed() => new PipelineBuilder<int> { TimeProvider = _clock }.Add(_probe).AddTimeout(s_second).Build();
}
