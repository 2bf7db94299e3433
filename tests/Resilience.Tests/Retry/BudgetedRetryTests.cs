using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Retry;

/// <summary>What a retry tells its budget, whatever becomes of the call.</summary>
public sealed class BudgetedRetryTests : FreshStack
{
    private readonly ManualClock _clock = new();
    private readonly Callee _callee = new();
    private readonly Ledger _ledger = new();
    private int _starts;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenTheBudgetRefuses_TheLastOutcomeGoesOnAtOnce_AndTheRefusalIsCountedAndTold()
    {
        var told = new List<GiveUpReason>();
        var budget = new Ledger(grants: 2);
        var pipeline = Build(new RetryOptions
        {
            MaxRetries = 5,
            Backoff = Backoff.None,
            Budget = budget,
            OnGiveUp = e => told.Add(e.Reason),
        });
        using var context = CallContext.Rent();
        var outcome = await pipeline.ExecuteOutcomeAsync(
            (CallContext _) => throw new InvalidOperationException($"{_starts++}"), context, Stop);
        Assert.Equal(("2", 3, 1L), (outcome.Exception!.Message, _starts, budget.Rejections));
        Assert.Equal((GiveUpReason.BudgetSpent, 2), (context.GaveUp, context.Attempt));
        Assert.Equal([GiveUpReason.BudgetSpent], told);
        Assert.Equal((1, 3, 0, 1, 0), (budget.Starts, budget.Failures, budget.Successes, budget.Ends, budget.Outstanding));
    }

    [Theory]
    [InlineData(0, 1, 0, 0)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 1, 3, 3)]
    [InlineData(4, 0, 4, 3)]
    public async Task WhenAttemptsFail_EachIsToldOnce_AndTheCallsEndOnce(int failing, int successes, int failures, int granted)
    {
        await Build(new RetryOptions { Backoff = Backoff.None, Budget = _ledger }).ExecuteOutcomeAsync(
            _ => _starts++ < failing ? throw new IOException() : new ValueTask<int>(1), Stop);
        Assert.Equal((1, 1, successes), (_ledger.Starts, _ledger.Ends, _ledger.Successes));
        Assert.Equal((failures, granted, 0), (_ledger.Failures, _ledger.Granted, _ledger.Outstanding));
    }

    [Fact]
    public async Task WhenAFailureIsPermanent_ItIsTold_AndNothingIsWithdrawn()
    {
        var pipeline = Builder().Classify(rules => rules.Otherwise(Verdict.Permanent)).AddRetry(With(_ledger)).Build();
        await pipeline.ExecuteOutcomeAsync(ValueTask<int> (_) => throw new IOException(), Stop);
        Assert.Equal((1, 1, 0, 1, 0), (_ledger.Starts, _ledger.Failures, _ledger.Granted, _ledger.Ends, _ledger.Successes));
    }

    [Fact]
    public async Task WhenAnOutcomeSaysNothingOfHealth_ItIsNoFailureAndNoSuccess()
    {
        var pipeline = Builder().Classify(rules => rules.OnResult(_ => true, Verdict.Throttled(TimeSpan.Zero))).AddRetry(With(_ledger)).Build();
        await pipeline.ExecuteAsync(_ => new ValueTask<int>(_starts++), Stop);
        Assert.Equal((4, 0, 3, 1, 0), (_starts, _ledger.Failures, _ledger.Granted, _ledger.Ends, _ledger.Successes));
    }

    [Fact]
    public async Task WhenAnAttemptTimedOut_TheBudgetIsToldSo()
    {
        var pipeline = Builder().AddRetry(With(_ledger)).AddTimeout(TimeSpan.FromSeconds(1)).Build();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _callee.Fail(new IOException());
        _callee.Fail(new TaskCanceledException("", new TimeoutException()));
        _callee.Return(1);
        Assert.Equal(1, (await call).GetResult());
        Assert.Equal([true, false, true], _ledger.AfterTimeout);
    }

    [Fact]
    public async Task WhenTheCallerCancelsDuringTheBackoff_TheRetryThatWasNotMadeIsGivenBack()
    {
        using var caller = new CancellationTokenSource();
        var call = Build(With(_ledger) with { Backoff = Backoff.Constant(TimeSpan.FromHours(1)) }).ExecuteOutcomeAsync(_callee.Start, caller.Token);
        _callee.Fail(new IOException());
        Assert.Equal((1, 0), (_ledger.Outstanding, _ledger.Ends));
        await caller.CancelAsync();
        Assert.True((await call).Exception is OperationCanceledException);
        AssertBalanced(ends: 1, refunded: 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenTheHookUsesUpTheTime_TheRetryThatWasNotMadeIsGivenBack(bool suspends)
    {
        var hook = new Callee(heedsToken: false);
        var pipeline = Builder().AddTimeout(TimeSpan.FromSeconds(10)).AddRetry(With(_ledger) with
        {
            Backoff = Backoff.Constant(TimeSpan.FromSeconds(4)),
            OnRetry = e =>
            {
                if (suspends)
                {
                    return hook.Wait(e.Context.CancellationToken);
                }

                _clock.Advance(TimeSpan.FromSeconds(7));
                return default;
            },
        }).Build();
        using var context = CallContext.Rent();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, context, Stop);
        _callee.Fail(new FormatException());
        if (suspends)
        {
            _clock.Advance(TimeSpan.FromSeconds(7));
            hook.Return(0);
        }

        Assert.IsType<FormatException>((await call).Exception);
        Assert.Equal(GiveUpReason.NoTimeLeft, context.GaveUp);
        AssertBalanced(ends: 1, refunded: 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenTheHookThrows_TheCallEndsOnce_AndTheRetryIsGivenBack(bool suspends)
    {
        var hook = new Callee(heedsToken: false);
        var call = Build(With(_ledger) with
        {
            OnRetry = e => suspends ? hook.Wait(e.Context.CancellationToken) : throw new NotSupportedException(),
        }).ExecuteOutcomeAsync(_callee.Start, Stop);
        _callee.Fail(new IOException());
        if (suspends)
        {
            hook.Fail(new NotSupportedException());
        }

        Assert.IsType<NotSupportedException>((await call).Exception);
        AssertBalanced(ends: 1, refunded: 1);
    }

    [Fact]
    public async Task WhenTheHookSuspendsAndEndsWell_TheRetryIsMade()
    {
        var hook = new Callee(heedsToken: false);
        var call = Build(With(_ledger) with { OnRetry = e => hook.Wait(e.Context.CancellationToken) }).ExecuteAsync(_callee.Start, Stop);
        _callee.Fail(new IOException());
        hook.Return(0);
        Assert.Equal(2, _callee.Starts);
        _callee.Return(7);
        Assert.Equal(7, await call);
        AssertBalanced(ends: 1, refunded: 1);
        Assert.Equal(1, _ledger.Successes);
    }

    [Fact]
    public void WhenASynchronousCallsHookSuspends_TheCallFailsByName_AndEndsOnce()
    {
        var hook = new Callee(heedsToken: false);
        var pipeline = Build(With(_ledger) with { OnRetry = e => hook.Wait(e.Context.CancellationToken) });
        var thrown = Assert.Throws<InvalidOperationException>(() => pipeline.Execute(int (CancellationToken _) => throw new IOException(), Stop));
        Assert.Contains("'retry'", thrown.Message, StringComparison.Ordinal);
        AssertBalanced(ends: 1, refunded: 1);
    }

    [Fact]
    public async Task WhenTheHookForbidsAnotherAttempt_ThereIsNone_AndTheCallEndsOnce()
    {
        using var context = CallContext.Rent();
        var outcome = await Build(With(_ledger) with
        {
            OnRetry = e =>
            {
                e.Context.ForbidAgain();
                return default;
            },
        }).ExecuteOutcomeAsync((CallContext _) => Fail(), context, Stop);
        Assert.IsType<IOException>(outcome.Exception);
        Assert.Equal((1, GiveUpReason.Forbidden), (_starts, context.GaveUp));
        AssertBalanced(ends: 1, refunded: 1);
    }

    [Fact]
    public async Task WhenGeneratorGiveUpHookOrBudgetThrows_TheCallEndsOnce()
    {
        foreach (var options in new[]
        {
            With(_ledger) with { Backoff = Backoff.Generate(_ => throw new NotSupportedException()) },
            With(_ledger) with { MaxRetries = 1, OnGiveUp = _ => throw new NotSupportedException() },
            With(new Ledger { Throws = () => true }),
        })
        {
            var outcome = await Build(options).ExecuteOutcomeAsync((CancellationToken _) => Fail(), Stop);
            Assert.IsType<NotSupportedException>(outcome.Exception);
            var ledger = (Ledger)options.Budget!;
            Assert.Equal((ledger.Starts, 0), (ledger.Ends, ledger.Outstanding));
        }
    }

    [Fact]
    public async Task WhenTheBudgetThrowsAtThePermanentEnd_TheCallEndsOnce()
    {
        var ledger = new Ledger { Throws = () => true };
        var pipeline = Builder().Classify(rules => rules.Otherwise(Verdict.Permanent)).AddRetry(With(ledger)).Build();
        Assert.IsType<NotSupportedException>((await pipeline.ExecuteOutcomeAsync(_ => Fail(), Stop)).Exception);
        Assert.Equal((1, 1), (ledger.Starts, ledger.Ends));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenAClassifierThrows_TheCallEndsOnce(bool own)
    {
        var throwing = new OutcomeRules<int>().OnResult(_ => throw new NotSupportedException(), Verdict.Transient);
        var pipeline = own
            ? Builder().AddRetry(With(_ledger), throwing).Build()
            : Builder().AddRetry(With(_ledger)).Classify(throwing).Build();
        Assert.IsType<NotSupportedException>((await pipeline.ExecuteOutcomeAsync(_ => new ValueTask<int>(1), Stop)).Exception);
        Assert.Equal((1, 0), (_ledger.Starts, _ledger.Successes));
        AssertBalanced(ends: 1, refunded: 0);
    }

    [Fact]
    public async Task WhenAComposedPipelinesClassifierThrows_TheCallEndsOnce()
    {
        var part = new PipelineBuilder { TimeProvider = _clock }
            .Classify(rules => rules.On<IOException>(_ => throw new NotSupportedException(), Verdict.Permanent)).AddRetry(With(_ledger)).Build();
        Assert.IsType<NotSupportedException>((await Builder().Add(part).Build().ExecuteOutcomeAsync(_ => Fail(), Stop)).Exception);
        AssertBalanced(ends: 1, refunded: 0);
    }

    [Fact]
    public async Task WhenARetriedRefusalNeverReachesTheDependency_ItsGrantIsGivenBack()
    {
        var pipeline = Builder().AddRetry(With(_ledger) with { RetryRejections = true, MaxRetries = 2 })
            .Add(new Execution.Probe { Enters = static (ref CallFrame frame, ref Slot _) => frame.Refuse(new Probe(), RejectionReason.LimitReached) })
            .Build();
        Assert.NotNull((await pipeline.ExecuteOutcomeAsync(_ => Fail(), Stop)).Rejection);
        Assert.Equal((2, 0), (_ledger.Granted, _ledger.Failures));
        AssertBalanced(ends: 1, refunded: 2);
    }

    [Fact]
    public async Task WhenTheCallerHasCancelledBeforeTheCall_TheBudgetHearsNothing()
    {
        await Build(With(_ledger)).ExecuteOutcomeAsync(_ => Fail(), new CancellationToken(canceled: true));
        Assert.Equal((0, 0), (_ledger.Starts, _ledger.Ends));
    }

    [Fact]
    public async Task WhenTwoPipelinesShareABudget_TheirRetriesAddUp()
    {
        var budget = new CostBudget(new CostBudgetOptions { Capacity = 25 });
        var (first, second) = (Build(With(budget)), Build(With(budget) with { Name = "other" }));
        await first.ExecuteOutcomeAsync(_ => Fail(), Stop);
        await second.ExecuteOutcomeAsync(_ => Fail(), Stop);
        Assert.Equal((7, 0, 1L), (_starts, budget.Tokens, budget.Rejections));
    }

    [Fact]
    public void WhenTheBudgetsTimeIsNotThePipelines_BuildingFailsByName()
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => Build(With(new LeakyBucketBudget())));
        Assert.Contains("'retry'", thrown.Message, StringComparison.Ordinal);
        Assert.NotNull(Build(With(new LeakyBucketBudget(null, _clock))));
    }

    private static RetryOptions With(RetryBudget budget) => new() { Backoff = Backoff.None, Budget = budget };

    private void AssertBalanced(int ends, int refunded) =>
        Assert.Equal((_ledger.Starts, ends, 0, refunded), (_ledger.Ends, _ledger.Ends, _ledger.Outstanding, _ledger.Refunded));

    private ValueTask<int> Fail()
    {
        _starts++;
        throw new IOException();
    }

    private PipelineBuilder<int> Builder() => new() { TimeProvider = _clock };

    private Pipeline<int> Build(RetryOptions options) => Builder().AddRetry(options).Build();
}
