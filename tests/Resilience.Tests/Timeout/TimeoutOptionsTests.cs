namespace Resilience.Tests.Timeouts;

/// <summary>What the options of a timeout accept, and what they say of the rest.</summary>
public sealed class TimeoutOptionsTests
{
    private static readonly PercentileTracker s_tracker = new();

    public static TheoryData<AdaptiveTimeout, string> BadAdaptive
    {
        get
        {
            var good = new AdaptiveTimeout { Tracker = s_tracker };
            return new TheoryData<AdaptiveTimeout, string>
            {
                { good with { Tracker = null! }, "Tracker is null" },
                { good with { Quantile = 0 }, "Quantile is 0: above 0 and at most 1" },
                { good with { Quantile = 1.5 }, "Quantile is 1.5" },
                { good with { Quantile = double.NaN }, "Quantile is NaN" },
                { good with { Multiple = 0.5 }, "Multiple is 0.5: from 1 to 1000" },
                { good with { Multiple = double.PositiveInfinity }, "Multiple is Infinity" },
                { good with { Multiple = double.NaN }, "Multiple is NaN" },
                { good with { Least = TimeSpan.Zero }, "Least is 00:00:00: above zero and at most 365 days" },
                { good with { Most = TimeSpan.MaxValue }, "Most is 10675199.02:48:05.4775807: above zero" },
                { good with { Least = TimeSpan.FromSeconds(31) }, "Least is 00:00:31 and Most is 00:00:30" },
                { good with { MinimumRecords = 0 }, "MinimumRecords is 0: at least 1" },
                { good with { ReviewInterval = TimeSpan.Zero }, "ReviewInterval is 00:00:00: above zero and at most an hour" },
                { good with { ReviewInterval = TimeSpan.FromHours(2) }, "ReviewInterval is 02:00:00" },
            };
        }
    }

    public static TheoryData<TimeSpan> Bad =>
        [TimeSpan.Zero, new TimeSpan(-1), Timeout.InfiniteTimeSpan, TimeSpan.MinValue, TimeSpan.MaxValue, TimeSpan.FromDays(365) + new TimeSpan(1)];

    public static TheoryData<TimeSpan> Good => [new TimeSpan(1), TimeSpan.FromSeconds(30), TimeSpan.FromDays(365)];

    [Theory]
    [MemberData(nameof(Bad))]
    public void WhenTheTimeoutIsOutOfRange_TheErrorNamesItTheValueAndTheRange(TimeSpan value)
    {
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => new PipelineBuilder().AddTimeout(value));
        Assert.StartsWith($"Timeout is {value}: it must be above zero and at most 365 days.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(("Timeout", (object)value), (thrown.ParamName, thrown.ActualValue!));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void WhenTheTimeoutIsInRange_ItIsAccepted(TimeSpan value)
    {
        var options = new TimeoutOptions { Timeout = value, Name = "mine" };
        var strategy = new PipelineBuilder().AddTimeout(options).Build().Strategies[0];
        Assert.Same(options, strategy.Options);
        Assert.Equal("mine", strategy.Name);
    }

    [Fact]
    public void WhenAnArgumentIsMissing_ItIsNamed()
    {
        Assert.Equal("Name", Assert.Throws<ArgumentException>(() => new PipelineBuilder().AddTimeout(TimeSpan.FromSeconds(1), "")).ParamName);
        Assert.Equal("builder", Assert.Throws<ArgumentNullException>(() => ((PipelineBuilder)null!).AddTimeout(new TimeoutOptions())).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => new PipelineBuilder().AddTimeout(null!)).ParamName);
    }

    [Fact]
    public void WhenNoOptionsAreGiven_TheDefaultsAreAsDocumented()
    {
        var options = new TimeoutOptions();
        Assert.Equal(("timeout", TimeSpan.FromSeconds(30)), (options.Name, options.Timeout));
        Assert.Equal((null, null, null), (options.Generator, options.Adaptive, options.Abandoned));
        var adaptive = new AdaptiveTimeout { Tracker = s_tracker };
        Assert.Equal((0.99, 2, 100), (adaptive.Quantile, adaptive.Multiple, adaptive.MinimumRecords));
        Assert.Equal((0.1, 30, 1), (adaptive.Least.TotalSeconds, adaptive.Most.TotalSeconds, adaptive.ReviewInterval.TotalSeconds));
    }

    [Fact]
    public void WhenGeneratorAndAdaptiveAreBothSet_TheErrorNamesBoth()
    {
        var options = new TimeoutOptions { Generator = _ => TimeSpan.Zero, Adaptive = new AdaptiveTimeout { Tracker = s_tracker } };
        var message = Assert.Throws<ArgumentException>(() => new PipelineBuilder().AddTimeout(options)).Message;
        Assert.Contains("Generator and Adaptive", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadAdaptive))]
    public void WhenAnAdaptiveOptionIsOutOfRange_TheErrorNamesItTheValueAndTheRange(AdaptiveTimeout adaptive, string start)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new PipelineBuilder().AddTimeout(new TimeoutOptions { Adaptive = adaptive }));
        Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
        Assert.Equal($"Adaptive.{start.Split(' ')[0]}", error.ParamName);
    }
}
