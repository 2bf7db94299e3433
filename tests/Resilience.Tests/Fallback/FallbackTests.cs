using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Fallbacks;

/// <summary>Which outcomes a fallback stands in for, with what, and what the strategies outside see of it.</summary>
public sealed class FallbackTests : FreshStack
{
    private readonly ManualClock _clock = new();
    private readonly Probe _outside = new();
    private readonly Callee _action = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenTheOutcomeIsGood_ItPassesUntouched()
    {
        var asked = 0;
        var pipeline = Build(Fallback.From<int>(_ => ++asked));
        Assert.Equal(7, await pipeline.ExecuteAsync(_ => new ValueTask<int>(7), Stop));
        Assert.Equal((0, Verdict.Success), (asked, Assert.Single(_outside.Verdicts)));
    }

    [Fact]
    public async Task WhenTheCallFails_TheValueIsTheResult_AndTheStrategiesOutsideSeeSuccess()
    {
        Assert.Equal(-1, await Build(Fallback.Value(-1)).ExecuteAsync(Fail, Stop));
        Assert.Equal([Verdict.Success], _outside.Verdicts);
    }

    [Theory]
    [InlineData(Health.Good, Again.No, false)]
    [InlineData(Health.Good, Again.Yes, true)]
    [InlineData(Health.Good, Again.After, true)]
    [InlineData(Health.Bad, Again.No, true)]
    [InlineData(Health.Bad, Again.Yes, true)]
    [InlineData(Health.None, Again.No, false)]
    [InlineData(Health.None, Again.After, true)]
    public async Task WhenNothingElseIsAsked_BadVerdictsAndThoseThatAskForAnotherAttemptCallForIt(Health health, Again again, bool replaced)
    {
        var pipeline = Builder().Classify(rules => rules.OnResult(r => r == 1, new Verdict(health, again))).AddFallback(Fallback.Value(2)).Build();
        Assert.Equal(replaced ? 2 : 1, await pipeline.ExecuteAsync(_ => new ValueTask<int>(1), Stop));
    }

    [Fact]
    public async Task WhenAPredicateOnVerdictsIsGiven_ItDecidesAlone()
    {
        var pipeline = Builder().AddFallback(new FallbackOptions<int> { Action = Fallback.Value(2), When = v => v == Verdict.Success }).Build();
        Assert.Equal(2, await pipeline.ExecuteAsync(_ => new ValueTask<int>(1), Stop));
        Assert.IsType<IOException>((await pipeline.ExecuteOutcomeAsync(Fail, Stop)).Exception);
    }

    [Fact]
    public async Task WhenItHasItsOwnClassifier_ItGoesByThatAlone()
    {
        var pipeline = Builder().Add(_outside)
            .AddFallback(new FallbackOptions<int> { Action = Fallback.Value(2) }, new OutcomeRules<int>().OnResult(r => r == 1, Verdict.Permanent))
            .Build();
        Assert.Equal(2, await pipeline.ExecuteAsync(_ => new ValueTask<int>(1), Stop));
        Assert.Equal(3, await pipeline.ExecuteAsync(_ => new ValueTask<int>(3), Stop));
        Assert.Equal([Verdict.Success, Verdict.Success], _outside.Verdicts);
    }

    [Fact]
    public async Task WhenAStrategyInsideRefusesOrTimesOut_TheValueIsTheResult()
    {
        var refusing = Builder().AddFallback(Fallback.Value(2))
            .Add(new Execution.Probe { Enters = static (ref CallFrame frame, ref Slot _) => frame.Refuse(new Probe(), RejectionReason.LimitReached) })
            .Build();
        Assert.Equal(2, await refusing.ExecuteAsync(_ => new ValueTask<int>(1), Stop));
        var timed = Builder().AddFallback(Fallback.Value(2)).AddTimeout(TimeSpan.FromSeconds(1)).Build();
        var call = timed.ExecuteAsync(_action.Start, Stop);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await call);
    }

    [Fact]
    public async Task WhenTheCallerHasCancelled_TheCancellationPasses()
    {
        using var caller = new CancellationTokenSource();
        var call = Build(Fallback.Value(2)).ExecuteOutcomeAsync(_action.Start, caller.Token);
        await caller.CancelAsync();
        Assert.IsAssignableFrom<OperationCanceledException>((await call).Exception);
        Assert.Equal([Verdict.Ignored], _outside.Verdicts);
    }

    [Fact]
    public async Task WhenAFactoryMakesIt_TheOriginalOutcomeIsAtHand_AndTheStateToo()
    {
        foreach (var action in new[]
        {
            Fallback.From<string, int>(static (state, e) => state.Length + e.Outcome.Exception!.Message.Length + e.Attempt, "four"),
            Fallback.FromAsync<string, int>(static (state, e) => new(state.Length + e.Outcome.Exception!.Message.Length + e.Attempt), "four"),
            Fallback.From<int>(static e => 4 + e.Outcome.Exception!.Message.Length),
            Fallback.FromAsync<int>(static async e =>
            {
                await Task.Yield();
                return e.Verdict == Verdict.Transient ? 4 + e.Outcome.Exception!.Message.Length : 0;
            }),
        })
        {
            Assert.Equal(7, await Build(action).ExecuteAsync(_ => throw new IOException("abc"), Stop));
        }
    }

    [Fact]
    public async Task WhenAnotherPipelineIsCalled_ItsResultIsTheResult_AndItsStrategiesAreItsOwn()
    {
        var starts = 0;
        var second = new PipelineBuilder<int> { Name = "second" }.AddRetry(new RetryOptions { Backoff = Backoff.None }).Build();
        var action = Fallback.Call(second, (state, _) => starts++ < 2 ? throw new IOException() : new ValueTask<int>(state), 7);
        Assert.Equal(7, await Build(action).ExecuteAsync(Fail, Stop));
        Assert.Equal((3, "call through second"), (starts, action.ToString()));
        Assert.Equal(7, await Build(Fallback.Call(Pipeline.Empty, static (state, _) => new ValueTask<int>(state), 7)).ExecuteAsync(Fail, Stop));
    }

    [Fact]
    public async Task WhenTheOtherPipelineRefuses_ItsRefusalIsTheOutcome()
    {
        var source = new Probe();
        var second = new PipelineBuilder<int>()
            .Add(new Execution.Probe { Enters = (ref CallFrame frame, ref Slot _) => frame.Refuse(source, RejectionReason.LimitReached, TimeSpan.FromSeconds(3)) })
            .Build();
        var outcome = await Build(Fallback.Call(second, static (_, _) => new ValueTask<int>(1), 0)).ExecuteOutcomeAsync(Fail, Stop);
        Assert.Same(source, outcome.Rejection!.Value.Source);
        Assert.Equal(Verdict.Throttled(TimeSpan.FromSeconds(3)), Assert.Single(_outside.Verdicts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenTheActionFails_ThatIsTheOutcome_ClassifiedAsAnyOther(bool suspends)
    {
        var action = suspends ? Fallback.FromAsync<int>(e => _action.Start(e.Context)) : Fallback.From<int>(_ => throw new FormatException());
        var pipeline = Builder().Classify(rules => rules.On<FormatException>(Verdict.Permanent).Otherwise(Verdict.Transient)).Add(_outside).AddFallback(action).Build();
        var call = pipeline.ExecuteOutcomeAsync(Fail, Stop);
        if (suspends)
        {
            _action.Fail(new FormatException());
        }

        Assert.IsType<FormatException>((await call).Exception);
        Assert.Equal([Verdict.Permanent], _outside.Verdicts);
    }

    [Fact]
    public async Task WhenTheCallerCancelsDuringTheAction_NothingIsSaidOfTheDependency()
    {
        using var caller = new CancellationTokenSource();
        var call = Build(Fallback.FromAsync<int>(e => _action.Start(e.Context))).ExecuteOutcomeAsync(Fail, caller.Token);
        await caller.CancelAsync();
        Assert.IsAssignableFrom<OperationCanceledException>((await call).Exception);
        Assert.Equal([Verdict.Ignored], _outside.Verdicts);
    }

    [Fact]
    public async Task WhenTheDeadlinePassesDuringTheAction_ItsOwnerIsNamed()
    {
        var pipeline = Builder().AddTimeout(TimeSpan.FromSeconds(5), "total").AddFallback(Fallback.FromAsync<int>(e => _action.Start(e.Context))).Build();
        var call = pipeline.ExecuteOutcomeAsync(Fail, Stop);
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("total", Assert.IsType<TimeoutRejectedException>((await call).Exception).DeadlineOwner);
        Assert.Equal(0, Clock.For(_clock).Sweeper.Armed);
    }

    [Fact]
    public async Task WhenTheDeadlineHasPassed_NoActionIsBegun_ButAValueIsGiven()
    {
        foreach (var (action, expected) in new[] { (Fallback.Value(2), true), (Fallback.FromAsync<int>(e => _action.Start(e.Context)), false) })
        {
            var callee = new Callee();
            var call = Builder().AddTimeout(TimeSpan.FromSeconds(5)).AddFallback(action).Build().ExecuteOutcomeAsync(callee.Start, Stop);
            _clock.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal((expected, 0), ((await call).HasResult, _action.Starts));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenThereIsAHook_ItIsCalledBeforeTheAction_WithWhatHappened(bool suspends)
    {
        var hook = new Callee();
        var told = new List<string>();
        var pipeline = Builder().Add(_outside).AddFallback(new FallbackOptions<int>
        {
            Action = Fallback.From<int>(_ => told.Count),
            OnFallback = e =>
            {
                told.Add(e.Outcome.Exception!.Message);
                return suspends ? hook.Wait(e.Context.CancellationToken) : default;
            },
        }).Build();
        var call = pipeline.ExecuteAsync(_ => throw new IOException("abc"), Stop);
        Assert.Equal(suspends, !call.IsCompleted);
        if (suspends)
        {
            hook.Return(0);
        }

        Assert.Equal(1, await call);
        Assert.Equal(["abc"], told);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenTheHookFails_TheCallFailsWithThat_AndSaysNothingOfTheDependency(bool suspends)
    {
        var hook = new Callee();
        var pipeline = Builder().Add(_outside).AddFallback(new FallbackOptions<int>
        {
            Action = Fallback.Value(2),
            OnFallback = e => suspends ? hook.Wait(e.Context.CancellationToken) : throw new NotSupportedException(),
        }).Build();
        var call = pipeline.ExecuteOutcomeAsync(Fail, Stop);
        if (suspends)
        {
            hook.Fail(new NotSupportedException());
        }

        Assert.IsType<NotSupportedException>((await call).Exception);
        Assert.Equal([Verdict.Ignored], _outside.Verdicts);
    }

    [Fact]
    public async Task WhenARetryStandsInside_TheFallbackSeesItsLastOutcomeOnly()
    {
        var starts = 0;
        var seen = new List<int>();
        var pipeline = Builder().AddFallback(Fallback.From<int>(e =>
        {
            seen.Add(e.Attempt);
            return 2;
        })).AddRetry(new RetryOptions { Backoff = Backoff.None }).Build();
        Assert.Equal(2, await pipeline.ExecuteAsync(ValueTask<int> (_) => throw new IOException($"{starts++}"), Stop));
        Assert.Equal((4, 3), (starts, Assert.Single(seen)));
    }

    private static ValueTask<int> Fail(CancellationToken token) => throw new IOException();

    private PipelineBuilder<int> Builder() => new() { TimeProvider = _clock };

    private Pipeline<int> Build(FallbackAction<int> action) => Builder().Add(_outside).AddFallback(action).Build();
}
