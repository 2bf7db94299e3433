using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>Building pipelines: bad input, copies, composition, and how a pipeline describes itself.</summary>
public sealed class BuilderTests
{
    [Fact]
    public void WhenArgumentsAreNull_Throws()
    {
        var any = new PipelineBuilder();
        var typed = new PipelineBuilder<int>();
        Assert.Throws<ArgumentNullException>(() => any.Add((Strategy)null!));
        Assert.Throws<ArgumentNullException>(() => any.Add((Pipeline)null!));
        Assert.Throws<ArgumentNullException>(() => any.Classify((ExceptionClassifier)null!));
        Assert.Throws<ArgumentNullException>(() => any.Classify((Func<ExceptionRules, ExceptionRules>)null!));
        Assert.Throws<ArgumentNullException>(() => any.AddStrategy((Func<TimeProvider, Strategy>)null!));
        Assert.Throws<ArgumentNullException>(() => any.TimeProvider = null!);
        Assert.Throws<ArgumentNullException>(() => any.Settings = null!);
        Assert.Throws<ArgumentNullException>(() => typed.Add((Strategy)null!));
        Assert.Throws<ArgumentNullException>(() => typed.Add((Pipeline)null!));
        Assert.Throws<ArgumentNullException>(() => typed.Add((Pipeline<int>)null!));
        Assert.Throws<ArgumentNullException>(() => typed.Add(new Probe(), null!));
        Assert.Throws<ArgumentNullException>(() => typed.Classify((Classifier<int>)null!));
        Assert.Throws<ArgumentNullException>(() => new Probe(null!));
        Assert.Throws<ArgumentException>(() => new Probe(""));
    }

    [Fact]
    public void WhenEmpty_ThePipelineCallsTheCallbackAndNothingElse()
    {
        Assert.Equal(1, Pipeline.Empty.Execute(static (CancellationToken _) => 1, CancellationToken.None));
        Assert.Equal(1, new PipelineBuilder<int>().Build().Execute(static (CancellationToken _) => 1));
        Assert.Empty(Pipeline.Empty.Strategies);
    }

    [Fact]
    public void WhenTheBuilderChangesAfterwards_ThePipelineDoesNot()
    {
        var builder = new PipelineBuilder { Name = "first" }.Add(new Probe("a"));
        var pipeline = builder.Build();
        builder.Name = "second";
        builder.Add(new Probe("b"));
        Assert.Equal("first [a]", pipeline.ToString());
        Assert.Equal("second [a → b]", builder.Build().ToString());
        Assert.Throws<NotSupportedException>(() => ((IList<Strategy>)pipeline.Strategies).Add(new Probe()));
    }

    [Fact]
    public void WhenDescribed_ItTellsNamesOrderAndOptions()
    {
        var pipeline = new PipelineBuilder<int> { Name = "orders" }
            .AddTimeout(TimeSpan.FromSeconds(30), "total")
            .AddRetry(new RetryOptions { MaxRetries = 2 }, new OutcomeRules<int>())
            .Add(new Pipeline[] { Pipelines.Of(new Probe("part")) }[0])
            .Build();
        Assert.Equal("orders", pipeline.Name);
        Assert.Equal(["total", "retry", "part"], pipeline.Strategies.Select(s => s.Name));
        Assert.Equal(TimeSpan.FromSeconds(30), Assert.IsType<TimeoutOptions>(pipeline.Strategies[0].Options).Timeout);
        Assert.Equal(2, Assert.IsType<RetryOptions>(pipeline.Strategies[1].Options).MaxRetries);
        Assert.StartsWith("orders [total: ", pipeline.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(" → part]", pipeline.ToString(), StringComparison.Ordinal);
        Assert.Equal("pipeline []", Pipeline.Empty.ToString());
    }

    [Fact]
    public void WhenAStrategyIsAskedForItsOptions_ItShowsThoseInForce()
    {
        var chaos = new ChaosOptions { Activation = ChaosActivation.Always, Rate = 1, Injection = ChaosInjection.Result(static _ => 1) };
        var fallback = new FallbackOptions<int> { Action = Fallback.Value(1) };
        var abandoning = new TimeoutOptions { Abandoned = new AbandonedCalls() };
        var generated = new TimeoutOptions { Generator = static _ => TimeSpan.FromSeconds(1) };
        var circuit = new CircuitBreakerOptions { Name = "orders" };
        var pipeline = new PipelineBuilder<int>()
            .AddFallback(fallback).AddTimeout(abandoning).AddTimeout(generated).AddCircuitBreaker(circuit).AddChaos(chaos).Build();
        Assert.Equal([fallback, abandoning, generated, circuit, chaos], pipeline.Strategies.Select(s => s.Options));
        var classified = new PipelineBuilder().Classify(static rules => rules).AddTimeout(generated).Build();
        Assert.Same(generated, new PipelineBuilder().Add(classified).Build().Strategies[0].Options);
    }

    [Fact]
    public void WhenATimeoutAbandonsItsCallee_AttemptsMayOutliveTheirCall_AndOtherwiseNot()
    {
        var abandoning = new TimeoutOptions { Abandoned = new AbandonedCalls() };
        Assert.True(new PipelineBuilder().AddTimeout(abandoning).Build().AttemptsMayOutliveCall);
        Assert.True(new PipelineBuilder<int>().AddTimeout(abandoning).Build().AttemptsMayOutliveCall);
        Assert.False(new PipelineBuilder().AddRetry().AddTimeout(new TimeoutOptions()).Build().AttemptsMayOutliveCall);
        Assert.False(new PipelineBuilder<int>().AddRetry().AddTimeout(new TimeoutOptions()).Build().AttemptsMayOutliveCall);
    }

    [Fact]
    public void WhenThereAreSixtyFourStrategies_TheyAllRun_AndOneMoreIsRefused()
    {
        var probe = new Probe();
        var builder = new PipelineBuilder();
        for (var i = 0; i < 64; i++)
        {
            builder.Add(probe);
        }

        Assert.Equal(1, builder.Build().Execute(static (CancellationToken _) => 1, CancellationToken.None));
        Assert.Equal((64, 64), (probe.Entered, probe.Left));
        builder.Add(probe);
        Assert.Contains("65", Assert.Throws<InvalidOperationException>(builder.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenAStrategySeesResultsOfAnotherType_ItIsRefusedByName()
    {
        Assert.Contains("'typed'", Assert.Throws<ArgumentException>(() => new PipelineBuilder().Add(new Probe<int>("typed"))).Message, StringComparison.Ordinal);
        Assert.Contains("'typed'", Assert.Throws<ArgumentException>(() => new PipelineBuilder<string>().Add(new Probe<int>("typed"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PipelineBuilder().Add(new Around<int>(null!)));
        Assert.Throws<ArgumentException>(() => new PipelineBuilder<string>().Add(new Around<int>(null!)));
        Assert.Throws<ArgumentException>(() => new PipelineBuilder<int>().Add(new Around<int>(null!), new OutcomeRules<int>()));
        var late = new PipelineBuilder();
        late.AddStrategy(_ => new Probe<int>());
        Assert.Throws<ArgumentException>(late.Build);
        late = new PipelineBuilder();
        late.AddStrategy(_ => null!);
        Assert.Throws<InvalidOperationException>(late.Build);
    }

    [Fact]
    public void WhenTimeProvidersDiffer_BuildingFails_WhicheverCameFirst()
    {
        var clock = new ManualClock();
        var part = Pipelines.Of(clock, new Probe());
        Assert.Throws<InvalidOperationException>(() => new PipelineBuilder().Add(part).Build());
        Assert.Throws<InvalidOperationException>(() => new PipelineBuilder<int>().Add(part).Build());
        Assert.Throws<InvalidOperationException>(() => new PipelineBuilder().Add(new Timed(clock)).Build());
        var builder = new PipelineBuilder().Add(part).Add(new Timed(clock));
        builder.TimeProvider = clock;
        Assert.Equal(2, builder.Build().Strategies.Count);
    }

    [Fact]
    public void WhenAFactoryMakesTheStrategy_EachBuildHasItsOwn_WithThePipelinesTime()
    {
        var clock = new ManualClock();
        var builder = new PipelineBuilder { TimeProvider = clock };
        builder.AddStrategy(static time => new Timed(time));
        var first = builder.Build().Strategies[0];
        Assert.Same(clock, first.TimeProvider);
        Assert.NotSame(first, builder.Build().Strategies[0]);
    }

    private sealed class Timed(TimeProvider time) : Strategy("timed")
    {
        public override TimeProvider TimeProvider => time;
    }
}
