namespace Resilience.Tests.Hedging;

/// <summary>Options are checked once, with a message that names the option, the value and the range.</summary>
public sealed class HedgingOptionsTests
{
    private static readonly HedgingOptions s_valid = new();

    public static TheoryData<string, HedgingOptions> Invalid => new()
    {
        { "MaxAttempts is 0: it must lie between 1 and 10.", s_valid with { MaxAttempts = 0 } },
        { "MaxAttempts is 11: it must lie between 1 and 10.", s_valid with { MaxAttempts = 11 } },
        { "MaxAttempts is -2147483648: it must lie between 1 and 10.", s_valid with { MaxAttempts = int.MinValue } },
        { "MaxInFlightLosers is 0: it must be at least 1.", s_valid with { MaxInFlightLosers = 0 } },
        { "ExtraLoad is 0: it must be above 0 and at most 10, or infinite.", s_valid with { ExtraLoad = 0 } },
        { "ExtraLoad is -0.1: it must be above 0 and at most 10, or infinite.", s_valid with { ExtraLoad = -0.1 } },
        { "ExtraLoad is 10.5: it must be above 0 and at most 10, or infinite.", s_valid with { ExtraLoad = 10.5 } },
        { "ExtraLoad is NaN: it must be above 0 and at most 10, or infinite.", s_valid with { ExtraLoad = double.NaN } },
        { "ExtraLoad is -Infinity: it must be above 0 and at most 10, or infinite.", s_valid with { ExtraLoad = double.NegativeInfinity } },
        { "set one of the two", s_valid with { ExtraLoad = 0.1, Budget = new TokenPairBudget() } },
        { "Delay", s_valid with { Delay = null! } },
        { "Counters", s_valid with { Counters = null! } },
        { "Name", s_valid with { Name = "" } },
    };

    public static TheoryData<string, Func<HedgeDelay>> InvalidDelays => new()
    {
        { "delay is 0 s", () => HedgeDelay.After(TimeSpan.Zero) },
        { "delay is -1 s", () => HedgeDelay.After(TimeSpan.FromSeconds(-1)) },
        { "delay is 2 d: it must lie between 0.1 µs and 1 d.", () => HedgeDelay.After(TimeSpan.FromDays(2)) },
        { "delay is", () => HedgeDelay.After(TimeSpan.MaxValue) },
        { "quantile is 0: it must lie between 0 and 1, both excluded.", () => Tracked(0) },
        { "quantile is 1:", () => Tracked(1) },
        { "quantile is NaN:", () => Tracked(double.NaN) },
        { "quantile is Infinity:", () => Tracked(double.PositiveInfinity) },
        { "least is 0 s", () => Tracked(0.5, least: 0) },
        { "most is 1 s: it must lie between 2 s and 1 d.", () => Tracked(0.5, least: 2, most: 1) },
        { "minimumSamples is 0: it must be at least 1.", () => Tracked(0.5, samples: 0) },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void WhenAnOptionIsOutOfRange_BuildingThrows_AndSaysWhich(string message, HedgingOptions options) =>
        Assert.Contains(
            message, Assert.ThrowsAny<ArgumentException>(() => new PipelineBuilder().AddHedging(options)).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(InvalidDelays))]
    public void WhenADelayIsOutOfRange_ItThrows_AndSaysWhy(string message, Func<HedgeDelay> make) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);

    [Fact]
    public void WhenDescribed_ThePipelineTellsWhatTheHedgeDoes()
    {
        var pipeline = new PipelineBuilder { Name = "reads" }.AddHedging(new HedgingOptions { MaxAttempts = 3 }).Build();
        Assert.Contains("hedging: HedgingOptions { Name = hedging, MaxAttempts = 3, Delay = 2 s", pipeline.ToString(), StringComparison.Ordinal);
        Assert.Equal("parallel", HedgeDelay.Parallel.ToString());
        Assert.Equal("sequential", HedgeDelay.Sequential.ToString());
        Assert.Equal("P95 from 1 s to 2 s, after 100 samples", Tracked(0.95, 1, 2).ToString());
    }

    [Fact]
    public void WhenBuiltTwice_EachBuildHasItsOwnTrackerAndBudget()
    {
        var delay = Tracked(0.95, 1, 2);
        var builder = new PipelineBuilder().AddHedging(new HedgingOptions { Delay = delay });
        var (first, second) = (Built(builder), Built(builder));
        Assert.Null(delay.Tracker);
        Assert.NotNull(first.Delay.Tracker);
        Assert.NotSame(first.Delay.Tracker, second.Delay.Tracker);
        Assert.NotSame(first.Budget, second.Budget);
    }

    [Fact]
    public void WhenABudgetIsGiven_ItIsShared()
    {
        var budget = new TokenPairBudget();
        var builder = new PipelineBuilder().AddHedging(new HedgingOptions { Budget = budget });
        Assert.Same(budget, Built(builder).Budget);
    }

    private static HedgingStrategy Built(PipelineBuilder builder) => (HedgingStrategy)builder.Build().Strategies[0];

    private static HedgeDelay Tracked(double quantile, double least = 1, double most = 2, int samples = 100) =>
        HedgeDelay.AtPercentile(quantile, TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most), samples);
}
