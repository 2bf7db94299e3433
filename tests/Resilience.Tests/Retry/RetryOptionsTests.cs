namespace Resilience.Tests.Retry;

/// <summary>What the options of retries and timeouts accept, and what they say of the rest.</summary>
public sealed class RetryOptionsTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void WhenMaxRetriesIsOutOfRange_TheErrorNamesItTheValueAndTheRange(int value)
    {
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => new PipelineBuilder().AddRetry(new RetryOptions { MaxRetries = value }));
        Assert.StartsWith($"MaxRetries is {value}: it must be at least zero.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal((nameof(RetryOptions.MaxRetries), (object)value), (thrown.ParamName, thrown.ActualValue!));
    }

    [Fact]
    public void WhenMaxRetryAfterIsNegative_TheErrorNamesItTheValueAndTheRange()
    {
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new PipelineBuilder().AddRetry(new RetryOptions { MaxRetryAfter = TimeSpan.FromSeconds(-1) }));
        Assert.StartsWith("MaxRetryAfter is -00:00:01: it must be at least zero.", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void WhenKeptOutcomesIsOutOfRange_TheErrorNamesItTheValueAndTheRange(int value)
    {
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => new PipelineBuilder().AddRetry(new RetryOptions { KeptOutcomes = value }));
        Assert.StartsWith($"KeptOutcomes is {value}: it must lie between 0 and 100.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal((nameof(RetryOptions.KeptOutcomes), (object)value), (thrown.ParamName, thrown.ActualValue!));
    }

    [Fact]
    public void WhenNameOrBackoffIsMissing_TheErrorNamesIt()
    {
        Assert.Equal("Name", Assert.Throws<ArgumentException>(() => new PipelineBuilder().AddRetry(new RetryOptions { Name = "" })).ParamName);
        Assert.Equal("Name", Assert.Throws<ArgumentNullException>(() => new PipelineBuilder().AddRetry(new RetryOptions { Name = null! })).ParamName);
        Assert.Equal("Backoff", Assert.Throws<ArgumentNullException>(() => new PipelineBuilder().AddRetry(new RetryOptions { Backoff = null! })).ParamName);
    }

    [Fact]
    public void WhenTheLimitsAreTheLargestThereAre_TheyAreAccepted()
    {
        var options = new RetryOptions { MaxRetries = int.MaxValue, MaxRetryAfter = TimeSpan.MaxValue };
        Assert.Same(options, new PipelineBuilder().AddRetry(options).Build().Strategies[0].Options);
    }

    [Fact]
    public void WhenNoOptionsAreGiven_TheDefaultsAreAsDocumented()
    {
        var options = Assert.IsType<RetryOptions>(new PipelineBuilder().AddRetry().Build().Strategies[0].Options);
        Assert.Equal(("retry", 3, TimeSpan.FromSeconds(30), false), (options.Name, options.MaxRetries, options.MaxRetryAfter, options.RetryRejections));
        Assert.Equal((TimeSpan.FromSeconds(30), Jitter.Full), (options.Backoff.Cap, options.Backoff.Jitter));
        Assert.Equal((null, null, null, null, 0), (options.OnRetry, options.OnGiveUp, options.Budget, options.Latency, options.KeptOutcomes));
    }

    [Fact]
    public void WhenAnArgumentIsNull_ItIsNamed()
    {
        Assert.Equal("builder", Assert.Throws<ArgumentNullException>(() => ((PipelineBuilder)null!).AddRetry()).ParamName);
        Assert.Equal(
            "builder", Assert.Throws<ArgumentNullException>(() => ((PipelineBuilder<int>)null!).AddRetry(new(), new OutcomeRules<int>())).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => new PipelineBuilder<int>().AddRetry(null!, new OutcomeRules<int>())).ParamName);
        Assert.Equal("classifier", Assert.Throws<ArgumentNullException>(() => new PipelineBuilder<int>().AddRetry(new(), null!)).ParamName);
    }
}
