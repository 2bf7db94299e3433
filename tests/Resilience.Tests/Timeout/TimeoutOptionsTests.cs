namespace Resilience.Tests.Timeouts;

/// <summary>What the options of a timeout accept, and what they say of the rest.</summary>
public sealed class TimeoutOptionsTests
{
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
    }
}
