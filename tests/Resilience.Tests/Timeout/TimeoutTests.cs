using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>When timeouts fire, and which of them.</summary>
public sealed class TimeoutTests : FreshStack
{
    private static readonly TimeSpan s_tick = new(1);
    private readonly ManualClock _clock = new();
    private readonly Callee _callee = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9_999)]
    [InlineData(500_000)]
    [InlineData(300_000_001)]
    [InlineData(315_360_000_000_000)]
    public async Task WhenTheTimeHasCome_ItFires_AndNotATickEarlier(long ticks)
    {
        var pipeline = Pipeline(b => b.AddTimeout(new TimeSpan(ticks)));
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(new TimeSpan(ticks - 1));
        Assert.False(call.IsCompleted);
        Assert.False(_callee.Token.IsCancellationRequested);
        _clock.Advance(s_tick);
        Assert.True(call.IsCompleted);
        var outcome = await call;
        Assert.Equal(new TimeSpan(ticks), Assert.IsType<TimeoutRejectedException>(outcome.Exception).Timeout);
    }

    [Fact]
    public async Task WhenTheClockStandsAtAnOddTick_ATimeoutStillFiresOnTheTick()
    {
        _clock.Advance(s_tick);
        var call = Pipeline(b => b.AddTimeout(TimeSpan.FromMilliseconds(50))).ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.True(call.IsCompleted);
        Assert.IsType<TimeoutRejectedException>((await call).Exception);
    }

    [Theory]
    [InlineData(new[] { 10, 20, 30 }, "0", 10)]
    [InlineData(new[] { 10, 30, 20 }, "0", 10)]
    [InlineData(new[] { 20, 10, 30 }, "1", 10)]
    [InlineData(new[] { 20, 30, 10 }, "2", 10)]
    [InlineData(new[] { 30, 10, 20 }, "1", 10)]
    [InlineData(new[] { 30, 20, 10 }, "2", 10)]
    [InlineData(new[] { 10, 10 }, "0", 10)]
    public async Task WhenSeveralStandInOneAnother_TheNearestWinsAndIsNamed(int[] seconds, string owner, int after)
    {
        var pipeline = Pipeline(b =>
        {
            for (var i = 0; i < seconds.Length; i++)
            {
                b.AddTimeout(TimeSpan.FromSeconds(seconds[i]), i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        });
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(TimeSpan.FromSeconds(after) - s_tick);
        Assert.False(call.IsCompleted);
        _clock.Advance(s_tick);
        Assert.True(call.IsCompleted);
        var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal(owner, rejected.DeadlineOwner);
        Assert.Equal(TimeSpan.FromSeconds(after), rejected.Timeout);
        Assert.Equal($"The call did not end within 10 s, the time set by '{owner}'.", rejected.Message);
        Assert.Equal(1, _callee.Starts);
    }

    [Fact]
    public async Task WhenTimeoutsStandAroundARetry_EachAttemptHasItsOwn_AndTheTotalEndsThemAll()
    {
        var inner = new Probe();
        var outer = new Probe();
        var pipeline = Pipeline(b => b
            .Add(outer)
            .AddTimeout(TimeSpan.FromSeconds(25), "total")
            .AddRetry(new RetryOptions { MaxRetries = 9, Backoff = Backoff.None })
            .AddTimeout(TimeSpan.FromSeconds(10), "attempt")
            .Add(inner));
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        foreach (var starts in new[] { 1, 2 })
        {
            Assert.Equal(starts, _callee.Starts);
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(3, _callee.Starts);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(call.IsCompleted);
        Assert.Equal("total", Assert.IsType<TimeoutRejectedException>((await call).Exception).DeadlineOwner);
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)], inner.RemainingOnEntry);
        Assert.Equal([Timeout.InfiniteTimeSpan], outer.RemainingOnLeave);
        Assert.Equal([Verdict.Transient, Verdict.Transient, Verdict.Transient], inner.Verdicts);
        Assert.Equal([0, 1, 2], inner.Attempts);
    }

    [Fact]
    public async Task WhenAnAttemptsTimeoutFires_TheRetryTriesAgain_OnlyWhileAnOuterDeadlineRemains()
    {
        var pipeline = Pipeline(b => b.AddRetry(new RetryOptions { Backoff = Backoff.None, MaxRetries = 1 }).AddTimeout(TimeSpan.FromSeconds(1)));
        var call = pipeline.ExecuteAsync(_callee.Start, Stop);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _callee.Starts);
        _callee.Return(7);
        Assert.Equal(7, await call);

        var outer = Pipeline(b => b.AddTimeout(TimeSpan.FromSeconds(1)).AddRetry(new RetryOptions { Backoff = Backoff.None }));
        call = outer.ExecuteAsync(_callee.Start, Stop);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, _callee.Starts);
        await Assert.ThrowsAsync<TimeoutRejectedException>(async () => await call);
    }

    [Fact]
    public async Task WhenTheCallersContextHasATimeout_ItIsADeadlineLikeAnother()
    {
        foreach (var (own, owner) in new[] { (3, "caller"), (9, "inner") })
        {
            using var context = CallContext.Rent("operation", TimeSpan.FromSeconds(own));
            var pipeline = Pipeline(b => b.AddTimeout(TimeSpan.FromSeconds(5), "inner"));
            var call = pipeline.ExecuteOutcomeAsync(_callee.Start, context, Stop);
            _clock.Advance(TimeSpan.FromSeconds(Math.Min(5, own)) - s_tick);
            Assert.False(call.IsCompleted);
            Assert.Equal(s_tick, context.Remaining);
            _clock.Advance(s_tick);
            Assert.True(call.IsCompleted);
            var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
            Assert.Equal((owner, TimeSpan.FromSeconds(Math.Min(5, own))), (rejected.DeadlineOwner, rejected.Timeout));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenTheContextsTimeoutIsTheLongestThereIs_ItOverflowsNothing_AndNoDeadlineIsSet(bool system)
    {
        using var context = CallContext.Rent(timeout: TimeSpan.MaxValue);
        var builder = new PipelineBuilder<int> { TimeProvider = system ? TimeProvider.System : _clock };
        var remaining = TimeSpan.Zero;
        await builder.Build().ExecuteAsync(
            c =>
            {
                remaining = c.Remaining;
                return new ValueTask<int>(1);
            },
            context,
            Stop);
        Assert.Equal(Timeout.InfiniteTimeSpan, remaining);
    }

    [Fact]
    public void WhenTheCallIsSynchronous_TheTokenIsCancelledAtTheDeadline()
    {
        var pipeline = Pipeline(b => b.AddTimeout(TimeSpan.FromSeconds(5), "sync"));
        var thrown = Assert.Throws<TimeoutRejectedException>(() => pipeline.Execute(
            token =>
            {
                _clock.Advance(TimeSpan.FromSeconds(5) - s_tick);
                Assert.False(token.IsCancellationRequested);
                _clock.Advance(s_tick);
                token.ThrowIfCancellationRequested();
                return 0;
            },
            Stop));
        Assert.Equal("sync", thrown.DeadlineOwner);
    }

    private Pipeline<int> Pipeline(Action<PipelineBuilder<int>> build)
    {
        var builder = new PipelineBuilder<int> { TimeProvider = _clock };
        build(builder);
        return builder.Build();
    }
}
