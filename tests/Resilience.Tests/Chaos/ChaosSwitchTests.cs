namespace Resilience.Tests.Chaoses;

/// <summary>What switches chaos on, what it says when it is off, and what its options accept.</summary>
[Collection(Execution.Allocations.Alone)]
public sealed class ChaosSwitchTests
{
    private static readonly ChaosOptions s_failing = new() { Injection = ChaosInjection.Fault(_ => new IOException()), Rate = 1 };

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("0", false)]
    [InlineData("true", false)]
    [InlineData(" 1", false)]
    [InlineData("1", true)]
    public void WhenNothingElseIsSaid_TheEnvironmentVariableAloneSwitchesItOn(string? value, bool on)
    {
        var asked = new List<string>();
        var pipeline = ChaosExtensions.Add(new PipelineBuilder(), s_failing, options => new ChaosStrategy(options), name =>
        {
            asked.Add(name);
            return value;
        }).Build();
        Assert.Equal(on, !pipeline.ExecuteOutcome(static (CancellationToken _) => 1).HasResult);
        Assert.Equal(["RESILIENCE_CHAOS"], asked);
        Assert.Equal(!on, pipeline.ToString().Contains("chaos: off, since RESILIENCE_CHAOS was not 1", StringComparison.Ordinal));
    }

    [Fact]
    public void WhenThePipelineIsBuiltAgain_TheEnvironmentIsReadAgain_AndTheFirstStaysAsItWas()
    {
        var value = "0";
        var builder = ChaosExtensions.Add(new PipelineBuilder(), s_failing, options => new ChaosStrategy(options), _ => value);
        var first = builder.Build();
        value = "1";
        Assert.True(first.ExecuteOutcome(static (CancellationToken _) => 1).HasResult);
        Assert.False(builder.Build().ExecuteOutcome(static (CancellationToken _) => 1).HasResult);
    }

    [Fact]
    public void WhenTheOptionSaysSo_TheEnvironmentDoesNotCount()
    {
        var always = s_failing with { Activation = ChaosActivation.Always };
        var never = s_failing with { Activation = ChaosActivation.Never };
        Assert.True(always.IsOn(_ => "0"));
        Assert.False(never.IsOn(_ => "1"));
        Assert.False(new PipelineBuilder().AddChaos(always).Build().ExecuteOutcome(static (CancellationToken _) => 1).HasResult);
        var off = new PipelineBuilder<int>().AddChaos(never).Build();
        Assert.True(off.ExecuteOutcome(static (CancellationToken _) => 1).HasResult);
        Assert.Contains("chaos: off, by its options", off.ToString(), StringComparison.Ordinal);
        Assert.Same(never, off.Strategies[0].Options);
    }

    [Fact]
    public void WhenItIsOffOrItsRateIsZero_NothingIsAllocated()
    {
        foreach (var options in new[]
        {
            s_failing with { Activation = ChaosActivation.Never },
            s_failing with { Activation = ChaosActivation.Always, Rate = 0 },
            new() { Activation = ChaosActivation.Always, Rate = 0.5, Injection = ChaosInjection.Result(static _ => 2) },
        })
        {
            var pipeline = new PipelineBuilder<int>().AddChaos(options).Build();
            Assert.Equal(0, Execution.Allocations.Of(() => pipeline.ExecuteAsync(static (r, _) => new ValueTask<int>(r), 1).GetAwaiter().GetResult()));
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void WhenTheRateIsOutOfRange_TheErrorNamesItTheValueAndTheRange(double rate)
    {
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => new PipelineBuilder().AddChaos(s_failing with { Rate = rate }));
        Assert.StartsWith(FormattableString.Invariant($"Rate is {rate}: it must lie between 0 and 1."), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenAPipelineIsDescribed_ItSaysWhatItsChaosInjects()
    {
        var latency = ChaosInjection.Latency(TimeSpan.FromSeconds(2));
        Assert.Contains("latency of 2 s", Described(latency), StringComparison.Ordinal);
        Assert.Contains("generated latency", Described(ChaosInjection.Latency(static _ => default)), StringComparison.Ordinal);
        Assert.Contains("fault", Described(ChaosInjection.Fault(static _ => null)), StringComparison.Ordinal);
        Assert.Contains("behaviour", Described(ChaosInjection.Behaviour(static _ => default)), StringComparison.Ordinal);
        Assert.Contains("outcome", Described(ChaosInjection.Result(static _ => 1)), StringComparison.Ordinal);
        Assert.Contains("75 % fault, 25 % latency of 2 s", Described(ChaosInjection.Weighted((3, ChaosInjection.Fault(static _ => null)), (1, latency))), StringComparison.Ordinal);
        Assert.Contains("one of: latency of 2 s, outcome", Described(ChaosInjection.Chosen(static _ => 0, latency, ChaosInjection.Result(static _ => 1))), StringComparison.Ordinal);

        static string Described(ChaosInjection injection) => new PipelineBuilder<int>()
            .AddChaos(new ChaosOptions { Activation = ChaosActivation.Always, Rate = 1, Injection = injection }).Build().ToString();
    }

    [Fact]
    public void WhenOnlyALatencyOfItsOwnIsInjected_ThePipelineRunsNoForeignCode()
    {
        Assert.False(Guards(ChaosInjection.Latency(TimeSpan.FromSeconds(2))));
        Assert.True(Guards(ChaosInjection.Latency(static _ => default)));
        Assert.False(Guards(ChaosInjection.Weighted((1, ChaosInjection.Latency(TimeSpan.Zero)))));

        static bool Guards(ChaosInjection injection) => new PipelineBuilder()
            .AddChaos(new ChaosOptions { Activation = ChaosActivation.Always, Rate = 1, Injection = injection }).Build().Core.GuardsFlow;
    }

    [Fact]
    public void WhenAnOptionIsMissingOrUndefined_ItIsNamed()
    {
        Assert.Equal("Name", Assert.Throws<ArgumentException>(() => new PipelineBuilder().AddChaos(s_failing with { Name = "" })).ParamName);
        Assert.Equal("Injection", Assert.Throws<ArgumentNullException>(() => new PipelineBuilder().AddChaos(s_failing with { Injection = null! })).ParamName);
        Assert.Equal("Injection", Assert.Throws<ArgumentNullException>(() => new PipelineBuilder<int>().AddChaos(s_failing with { Injection = null! })).ParamName);
        Assert.Equal(
            "Activation",
            Assert.Throws<ArgumentOutOfRangeException>(() => new PipelineBuilder().AddChaos(s_failing with { Activation = (ChaosActivation)9 })).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => new PipelineBuilder().AddChaos(null!)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => new PipelineBuilder<int>().AddChaos(null!)).ParamName);
        Assert.Equal("builder", Assert.Throws<ArgumentNullException>(() => ((PipelineBuilder)null!).AddChaos(s_failing)).ParamName);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void WhenAWeightIsOutOfRange_TheErrorSaysSo(double weight)
    {
        var fault = s_failing.Injection;
        Assert.Equal("choices", Assert.Throws<ArgumentOutOfRangeException>(() => ChaosInjection.Weighted((weight, fault), (1, fault))).ParamName);
    }

    [Fact]
    public void WhenAnInjectionIsGivenNothingToWorkWith_TheArgumentIsNamed()
    {
        var fault = s_failing.Injection;
        Assert.Equal("choices", Assert.Throws<ArgumentException>(() => ChaosInjection.Weighted()).ParamName);
        Assert.Equal("choices", Assert.Throws<ArgumentException>(() => ChaosInjection.Weighted((0, fault))).ParamName);
        Assert.Equal("choices", Assert.Throws<ArgumentException>(() => ChaosInjection.Weighted((double.MaxValue, fault), (double.MaxValue, fault))).ParamName);
        Assert.Equal("choices", Assert.Throws<ArgumentNullException>(() => ChaosInjection.Weighted((1, null!))).ParamName);
        Assert.Equal("choices", Assert.Throws<ArgumentException>(() => ChaosInjection.Chosen(_ => 0)).ParamName);
        Assert.Equal("choices", Assert.Throws<ArgumentNullException>(() => ChaosInjection.Chosen(_ => 0, [null!])).ParamName);
        Assert.Equal("latency", Assert.Throws<ArgumentOutOfRangeException>(() => ChaosInjection.Latency(new TimeSpan(-1))).ParamName);
        Assert.Equal("generator", Assert.Throws<ArgumentNullException>(() => ChaosInjection.Latency(null!)).ParamName);
        Assert.Equal("generator", Assert.Throws<ArgumentNullException>(() => ChaosInjection.Fault(null!)).ParamName);
        Assert.Equal("generator", Assert.Throws<ArgumentNullException>(() => ChaosInjection.Result<int>(null!)).ParamName);
        Assert.Equal("behaviour", Assert.Throws<ArgumentNullException>(() => ChaosInjection.Behaviour(null!)).ParamName);
    }

    [Fact]
    public void WhenResultsAreOfAnotherTypeThanThePipelines_AddingFailsByName()
    {
        var text = s_failing with { Injection = ChaosInjection.Result(_ => "text") };
        Assert.Contains("String", Assert.Throws<ArgumentException>(() => new PipelineBuilder().AddChaos(text)).Message, StringComparison.Ordinal);
        Assert.Contains("Int32", Assert.Throws<ArgumentException>(() => new PipelineBuilder<int>().AddChaos(text)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "one type",
            Assert.Throws<ArgumentException>(() => ChaosInjection.Chosen(_ => 0, text.Injection, ChaosInjection.Result(_ => 1))).Message,
            StringComparison.Ordinal);
    }
}
