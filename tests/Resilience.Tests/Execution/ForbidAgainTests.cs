using Resilience.Testing;

namespace Resilience.Tests.Execution;

public sealed class ForbidAgainTests
{
    private static readonly RetryOptions s_atOnce = new() { Backoff = Backoff.Constant(TimeSpan.Zero) };
    private int _attempts;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenForbidden_AnExceptionIsNotTriedAgain()
    {
        var pipeline = new PipelineBuilder().AddRetry(s_atOnce).Build();
        await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(Fail, null, Stop));
        Assert.Equal(1, _attempts);
        Assert.Throws<IOException>(() => pipeline.Execute(FailNow, null, Stop));
        Assert.Equal(2, _attempts);
    }

    [Fact]
    public async Task WhenForbiddenAfterASuspension_AnExceptionIsNotTriedAgain()
    {
        var pipeline = new PipelineBuilder().AddRetry(s_atOnce).Build();
        await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(
            async ValueTask<int> (context) =>
            {
                await Task.Yield();
                return await Fail(context);
            },
            null,
            Stop));
        Assert.Equal(1, _attempts);
    }

    [Fact]
    public async Task WhenForbidden_AResultIsNotTriedAgain_WhicheverClassifierAsksForIt()
    {
        var again = new PipelineBuilder<int>().Classify(rules => rules.OnResult(_ => true, Verdict.Transient)).AddRetry(s_atOnce);
        var own = new PipelineBuilder<int>().AddRetry(s_atOnce, new OutcomeRules<int>().OnResult(_ => true, Verdict.Transient));
        foreach (var pipeline in new[] { again.Build(), own.Build(), new PipelineBuilder<int>().Add(again.Build()).Build() })
        {
            _attempts = 0;
            Assert.Equal(7, await pipeline.ExecuteAsync(Answer, null, Stop));
            Assert.Equal(1, _attempts);
        }

        ValueTask<int> Answer(CallContext context)
        {
            _attempts++;
            context.ForbidAgain();
            return new ValueTask<int>(7);
        }
    }

    [Fact]
    public async Task WhenForbidden_AComposedPipelineWithItsOwnExceptionClassifierDoesNotTryAgain()
    {
        var inner = new PipelineBuilder().Classify(rules => rules.Otherwise(Verdict.Transient)).AddRetry(s_atOnce).Build();
        await Assert.ThrowsAsync<IOException>(async () => await new PipelineBuilder().Add(inner).Build().ExecuteAsync(Fail, null, Stop));
        await Assert.ThrowsAsync<IOException>(async () => await new PipelineBuilder<int>().Add(inner).Build().ExecuteAsync(Fail, null, Stop));
        Assert.Equal(2, _attempts);
    }

    [Fact]
    public async Task WhenForbidden_ATimeoutIsNotTriedAgain()
    {
        var clock = new ManualClock();
        var pipeline = new PipelineBuilder { TimeProvider = clock }.AddRetry(s_atOnce).AddTimeout(TimeSpan.FromSeconds(1)).Build();
        var call = pipeline.ExecuteAsync(
            async ValueTask<int> (context) =>
            {
                _attempts++;
                context.ForbidAgain();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return 0;
            },
            null,
            Stop).AsTask();
        clock.Advance(TimeSpan.FromSeconds(9));
        await Assert.ThrowsAsync<TimeoutRejectedException>(() => call);
        Assert.Equal(1, _attempts);
    }

    [Fact]
    public async Task WhenForbidden_AStrategyThatIgnoresVerdictsDoesNotTryAgainEither()
    {
        var pipeline = new PipelineBuilder().Add(new Stubborn()).Build();
        await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(Fail, null, Stop));
        Assert.Equal(1, _attempts);
    }

    [Fact]
    public async Task WhenForbidden_TheHealthStays()
    {
        var probe = new Probe();
        var pipeline = new PipelineBuilder().Add(probe).Build();
        await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(Fail, null, Stop));
        Assert.Equal(new Verdict(Health.Bad, Again.No), probe.Seen);
    }

    [Fact]
    public async Task WhenAWrappingStrategyRunsTheCall_AContextOfTheCallersReachesTheRetryOutside()
    {
        var pipeline = new PipelineBuilder().AddRetry(s_atOnce).Add(new Wrapping()).Build();
        using var context = CallContext.Rent();
        await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(Fail, context, Stop));
        Assert.Equal(1, _attempts);
    }

    [Fact]
    public async Task WhenTheContextIsUsedAgain_NothingIsForbiddenYet()
    {
        var pipeline = new PipelineBuilder().AddRetry(s_atOnce).Build();
        using var context = CallContext.Rent();
        await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(Fail, context, Stop));
        _attempts = 0;
        await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(
            ValueTask<int> (CallContext _) =>
            {
                _attempts++;
                throw new IOException();
            },
            context,
            Stop));
        Assert.Equal(4, _attempts);
    }

    private ValueTask<int> Fail(CallContext context) => new(FailNow(context));

    private int FailNow(CallContext context)
    {
        _attempts++;
        context.ForbidAgain();
        throw new IOException();
    }

    private sealed class Stubborn() : Strategy("stubborn")
    {
        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot) => Exit.Again;
    }

    private sealed class Probe() : Strategy("probe")
    {
        public Verdict Seen { get; private set; }

        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
        {
            Seen = frame.Verdict;
            return Exit.Continue;
        }
    }

    private sealed class Wrapping() : WrappingStrategy("wrapping")
    {
        protected internal override ValueTask<Outcome<T>> ExecuteAsync<T>(Inner<T> inner) => inner.ExecuteAsync(inner.CancellationToken);
    }
}
