using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>Timeouts whose time a generator gives: when they fire, and what the error says.</summary>
public sealed class VariableTimeoutTests : FreshStack
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tick = new(1);
    private readonly ManualClock _clock = new();
    private readonly Callee _callee = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenTheGeneratorLooksAtTheAttempt_EachHasItsOwnTime_AndTheErrorTellsTheLast()
    {
        var pipeline = Pipeline(b => b
            .AddRetry(new RetryOptions { MaxRetries = 2, Backoff = Backoff.None })
            .AddTimeout(new TimeoutOptions { Name = "growing", Generator = request => s_second * (request.Attempt + 1) }));
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(attempt, _callee.Starts);
            _clock.Advance((s_second * attempt) - s_tick);
            Assert.False(_callee.Token.IsCancellationRequested);
            _clock.Advance(s_tick);
        }

        Assert.True(call.IsCompleted);
        var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal(("growing", s_second * 3), (rejected.DeadlineOwner, rejected.Timeout));
    }

    [Fact]
    public async Task WhenTheCallerNamesTheOperation_TheGeneratorIsTold()
    {
        using var context = CallContext.Rent("slow operation");
        var pipeline = Pipeline(b => b.AddTimeout(new TimeoutOptions
        {
            Generator = static request => request.OperationName == "slow operation" ? TimeSpan.FromSeconds(9) : TimeSpan.FromSeconds(1),
        }));
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, context, Stop);
        _clock.Advance((s_second * 9) - s_tick);
        Assert.False(call.IsCompleted);
        _clock.Advance(s_tick);
        Assert.Equal(s_second * 9, Assert.IsType<TimeoutRejectedException>((await call).Exception).Timeout);
    }

    [Theory]
    [InlineData(3, 5, "outer")]
    [InlineData(5, 3, "inner")]
    [InlineData(0, 3, "inner")]
    [InlineData(3, 0, "outer")]
    public async Task WhenTwoStandInOneAnother_TheNearestWins_AndIsNamedWithItsOwnTime(int outer, int inner, string owner)
    {
        // Zero stands for none.
        var pipeline = Pipeline(b => b.AddTimeout(Seconds("outer", outer)).AddTimeout(Seconds("inner", inner)));
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(s_second * 3);
        var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal((owner, s_second * 3), (rejected.DeadlineOwner, rejected.Timeout));
        Assert.Equal($"The call did not end within 3 s, the time set by '{owner}'.", rejected.Message);
    }

    [Fact]
    public async Task WhenAWrappingStrategyStandsBetween_ItsRunStillKnowsWhoseTheDeadlineIs()
    {
        var pipeline = Pipeline(b => b.AddTimeout(Seconds("outer", 3)).Add(new Wrapping()));
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(s_second * 3);
        var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal(("outer", s_second * 3), (rejected.DeadlineOwner, rejected.Timeout));
    }

    [Fact]
    public async Task WhenTheGeneratorGivesInfinity_ThereIsNoTimeout()
    {
        var call = Pipeline(b => b.AddTimeout(Seconds("none", 0))).ExecuteAsync(_callee.Start, Stop);
        _clock.Advance(TimeSpan.FromDays(400));
        Assert.False(call.IsCompleted);
        Assert.Equal(0, _clock.ActiveTimers);
        _callee.Return(7);
        Assert.Equal(7, await call);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData((366 * TimeSpan.TicksPerDay))]
    public async Task WhenTheGeneratorGivesWhatIsNoTimeout_TheCallFails_AndTheErrorNamesItAndTheValue(long ticks)
    {
        var pipeline = Pipeline(b => b.AddRetry().AddTimeout(new TimeoutOptions { Name = "odd", Generator = _ => new TimeSpan(ticks) }));
        var outcome = await pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        var error = Assert.IsType<InvalidOperationException>(outcome.Exception);
        Assert.Contains($"'odd' gave {new TimeSpan(ticks)}", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _callee.Starts);
    }

    [Fact]
    public async Task WhenTheGeneratorThrows_TheCallFailsWithThat_AndIsNotTriedAgain()
    {
        var asked = 0;
        var pipeline = Pipeline(b => b.AddRetry().AddTimeout(new TimeoutOptions
        {
            Generator = _ =>
            {
                asked++;
                throw new FormatException();
            },
        }));
        Assert.IsType<FormatException>((await pipeline.ExecuteOutcomeAsync(_callee.Start, Stop)).Exception);
        Assert.Equal((1, 0), (asked, _callee.Starts));
    }

    [Fact]
    public async Task WhenTheGeneratorTakesItsTime_TheTimeoutBeginsAfterIt()
    {
        var pipeline = Pipeline(b => b.AddTimeout(s_second * 60).AddTimeout(new TimeoutOptions
        {
            Generator = _ =>
            {
                _clock.Advance(s_second * 5);
                return s_second;
            },
        }));
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(s_second - s_tick);
        Assert.False(call.IsCompleted);
        _clock.Advance(s_tick);
        Assert.IsType<TimeoutRejectedException>((await call).Exception);
    }

    private static TimeoutOptions Seconds(string name, int seconds) => new()
    {
        Name = name,
        Generator = _ => seconds == 0 ? Timeout.InfiniteTimeSpan : s_second * seconds,
    };

    private Pipeline<int> Pipeline(Action<PipelineBuilder<int>> build)
    {
        var builder = new PipelineBuilder<int> { TimeProvider = _clock };
        build(builder);
        return builder.Build();
    }

    private sealed class Wrapping() : WrappingStrategy("wrapping")
    {
        protected internal override ValueTask<Outcome<T>> ExecuteAsync<T>(Inner<T> inner) => inner.ExecuteAsync();
    }
}
