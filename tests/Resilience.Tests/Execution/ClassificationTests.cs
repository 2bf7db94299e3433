namespace Resilience.Tests.Execution;

/// <summary>The verdict: given once an outcome, seen by every strategy further out, and never for what was read from its source.</summary>
public sealed class ClassificationTests
{
    private static readonly Probe s_source = new("source");
    private static readonly Verdict s_notYet = new(Health.Good, Again.Yes);
    private readonly Counting<int> _classifier = new(outcome => outcome.Exception is not null ? Verdict.Permanent
        : outcome.ResultOrDefault == 404 ? s_notYet : Verdict.Success);
    private readonly Probe _outer = new("outer");
    private readonly Probe _inner = new("inner");

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    public void WhenAnOutcomePassesManyStrategies_ItIsClassifiedOnce(int result)
    {
        Assert.Equal(result, Pipelines.For(_classifier, _outer, new Probe(), _inner).Execute((CancellationToken _) => result));
        var expected = result == 404 ? s_notYet : Verdict.Success;
        Assert.Equal((1, expected, expected), (_classifier.Asked, _inner.LastVerdict, _outer.LastVerdict));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenTheClassifierIsAUsersOwn_ItIsAskedOnceAnOutcome_AlsoOfCallsThatCompleteAtOnce(bool asOutcome)
    {
        var results = new Queue<int>([404, 404, 200, 200]);
        var pipeline = new PipelineBuilder<int>().Classify(_classifier).AddRetry(new RetryOptions { Backoff = Backoff.None }).Build();
        for (var call = 0; call < 2; call++)
        {
            Assert.Equal(200, asOutcome
                ? (await pipeline.ExecuteOutcomeAsync((_, _) => new ValueTask<Outcome<int>>(Outcome.FromResult(results.Dequeue())), 0)).GetResult()
                : await pipeline.ExecuteAsync((_, _) => new ValueTask<int>(results.Dequeue()), 0));
        }

        Assert.Equal((4, 0), (_classifier.Asked, results.Count));
    }

    [Fact]
    public void WhenTriedAgain_EachOutcomeIsClassifiedOnce()
    {
        var retry = new Probe { Leaves = (ref CallFrame frame, ref Slot _) => frame.Attempt < 3 ? Exit.Again : Exit.Continue };
        Pipelines.For(_classifier, retry).Execute(static (CancellationToken _) => 200);
        Assert.Equal(4, _classifier.Asked);
    }

    [Fact]
    public void WhenAnOutcomeIsReplaced_TheNewOneIsClassified_AndOuterStrategiesSeeThat()
    {
        var replacing = new Probe<int>
        {
            Leaves = (ref CallFrame _, ref Slot _, ref Outcome<int> outcome) =>
            {
                outcome = Outcome.FromResult(404);
                return Exit.Replace;
            },
        };
        Assert.Equal(404, Pipelines.For(_classifier, _outer, replacing, _inner).Execute(static (CancellationToken _) => 200));
        Assert.Equal((2, Verdict.Success, s_notYet), (_classifier.Asked, _inner.LastVerdict, _outer.LastVerdict));
    }

    [Fact]
    public void WhenRefused_NoClassifierIsAsked_AndTheVerdictIsThrottled()
    {
        var refusing = new Probe("no")
        {
            Enters = static (ref CallFrame frame, ref Slot _) => frame.Refuse(s_source, RejectionReason.LimitReached, TimeSpan.FromSeconds(3)),
        };
        var outcome = Pipelines.For(_classifier, _outer, refusing).ExecuteOutcome(static (CancellationToken _) => 200);
        Assert.Equal(new Rejection(s_source, RejectionReason.LimitReached, TimeSpan.FromSeconds(3)), outcome.Rejection);
        Assert.Equal((0, Verdict.Throttled(TimeSpan.FromSeconds(3))), (_classifier.Asked, _outer.LastVerdict));
    }

    [Fact]
    public void WhenTheClassifierThrows_TheCallFailsWithThat_AndStrategiesSeeIgnored()
    {
        var broken = new Counting<int>(_ => throw new ScriptedException("classifier"));
        foreach (var result in new[] { true, false })
        {
            var outcome = Pipelines.For(broken, _outer).ExecuteOutcome(
                (CancellationToken _) => result ? 1 : throw new ScriptedException("callback"));
            Assert.Equal(("classifier", Verdict.Ignored), (outcome.Exception?.Message, _outer.LastVerdict));
        }

        Assert.Equal((2, 2), (_outer.Entered, _outer.Left));
    }

    [Fact]
    public async Task WhenAWrappingStrategyPassesOnATimeout_TheOuterVerdictIsNotTheClassifiers()
    {
        var clock = new Resilience.Testing.ManualClock();
        var pipeline = new PipelineBuilder<int> { TimeProvider = clock }
            .Classify(rules => rules.On<ScriptedException>(Verdict.Transient))
            .Add(_outer)
            .Add(new Around<int>(inner => inner.ExecuteAsync()))
            .AddTimeout(TimeSpan.FromSeconds(1))
            .Build();
        var outcome = await pipeline.ExecuteOutcomeAsync((CancellationToken token) =>
        {
            _ = token;
            clock.Advance(TimeSpan.FromSeconds(2));
            return ValueTask.FromException<int>(new ScriptedException("aborted"));
        });
        Assert.IsType<TimeoutRejectedException>(outcome.Exception);
        Assert.Equal(Verdict.Transient, _outer.LastVerdict);
    }

    [Fact]
    public void WhenAStrategyInsideAWrappingOneThrows_OuterStrategiesSeeIgnored()
    {
        var throwing = new Probe { Leaves = static (ref CallFrame _, ref Slot _) => throw new ScriptedException("hook") };
        var pipeline = Pipelines.For(_classifier, _outer, new Around<int>(inner => inner.ExecuteAsync(), inner => inner.Execute()), throwing);
        Assert.Equal("hook", pipeline.ExecuteOutcome(static (CancellationToken _) => 1).Exception?.Message);
        Assert.Equal(Verdict.Ignored, _outer.LastVerdict);
    }
}
