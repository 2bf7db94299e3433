namespace Resilience.Tests.CircuitBreaking;

/// <summary>Options out of range: the message names the option, the value given and the range.</summary>
public sealed class CircuitBreakerOptionsTests
{
    private static readonly CircuitBreakerOptions s_options = new();

    public static TheoryData<string, CircuitBreakerOptions> Bad => new()
    {
        { "FailureRatio", s_options with { FailureRatio = 0 } },
        { "FailureRatio", s_options with { FailureRatio = -1 } },
        { "FailureRatio", s_options with { FailureRatio = 1.1 } },
        { "FailureRatio", s_options with { FailureRatio = double.NaN } },
        { "FailureRatio", s_options with { FailureRatio = double.PositiveInfinity } },
        { "FailureRatio", s_options with { FailureRatio = null } },
        { "MinimumCalls", s_options with { MinimumCalls = 0 } },
        { "MinimumCalls", s_options with { Window = CircuitWindow.Calls(99) } },
        { "Window", s_options with { Window = null! } },
        { "ConsecutiveFailures", s_options with { ConsecutiveFailures = 0 } },
        { "SlowCallRatio", s_options with { SlowCallRatio = double.NaN } },
        { "SlowCallDuration", s_options with { SlowCallRatio = 0.5, SlowCallDuration = TimeSpan.Zero } },
        { "SlowCallDuration", s_options with { SlowCallDuration = TimeSpan.FromSeconds(1) } },
        { "CountSlowInFlight", s_options with { CountSlowInFlight = true } },
        { "CountSlowInFlight", s_options with { CountSlowInFlight = true, SlowCallRatio = 0.5, SlowCallDuration = TimeSpan.FromMilliseconds(99) } },
        { "CountSlowInFlight", s_options with { CountSlowInFlight = true, SlowCallRatio = 0.5, SlowCallDuration = TimeSpan.FromSeconds(1), Window = CircuitWindow.Calls(100) } },
        { "Confidence", s_options with { Confidence = 1 } },
        { "Confidence", s_options with { Confidence = double.NaN } },
        { "ConfidenceFloor", s_options with { ConfidenceFloor = 0 } },
        { "ConfidenceFloor", s_options with { Confidence = 0.95, Window = CircuitWindow.Calls(9) } },
        { "BreakDuration", s_options with { BreakDuration = TimeSpan.Zero } },
        { "BreakDuration", s_options with { BreakDuration = Timeout.InfiniteTimeSpan } },
        { "BreakDuration", s_options with { BreakDuration = TimeSpan.MaxValue } },
        { "BreakGrowth", s_options with { BreakGrowth = 0.5 } },
        { "BreakGrowth", s_options with { BreakGrowth = double.NaN } },
        { "MaxBreakDuration", s_options with { MaxBreakDuration = TimeSpan.FromSeconds(4) } },
        { "BreakJitter", s_options with { BreakJitter = 1.5 } },
        { "Probes", s_options with { Probes = 0 } },
        { "Probes", s_options with { Probes = 1_001 } },
        { "ProbeFailureRatio", s_options with { ProbeFailureRatio = 0 } },
        { "ProbeLease", s_options with { ProbeLease = TimeSpan.Zero } },
        { "Recovery", s_options with { Recovery = TimeSpan.FromTicks(-1) } },
        { "InitialState", s_options with { InitialState = CircuitState.Open } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void WhenAnOptionIsOutOfRange_TheMessageNamesIt(string option, CircuitBreakerOptions options)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => new CircuitBreaker(options));
        Assert.Equal(option, error.ParamName);
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => new CircuitBreaker(s_options).Reconfigure(options));
    }

    [Fact]
    public void WhenAWindowIsOutOfRange_TheMessageNamesTheRange()
    {
        Assert.Contains("65536", Assert.Throws<ArgumentOutOfRangeException>(() => CircuitWindow.Calls(0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CircuitWindow.Calls(65_537));
        Assert.Throws<ArgumentOutOfRangeException>(() => CircuitWindow.Calls(1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => CircuitWindow.Calls(1, TimeSpan.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => CircuitWindow.Time(TimeSpan.FromSeconds(1), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CircuitWindow.Time(TimeSpan.FromMilliseconds(9), 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => CircuitWindow.Time(TimeSpan.MaxValue, 10));
        Assert.Contains("SliceCredit", Assert.Throws<ArgumentOutOfRangeException>(() => CircuitWindow.Time(TimeSpan.FromSeconds(1), 10, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenOptionsAreGood_NoMessageIsComposed() => Assert.Equal(0, Execution.Allocations.Of(s_options.Validate));

    [Fact]
    public void WhenNothingIsGiven_TheDefaultsAreThePeers()
    {
        Assert.Equal((0.1, 100, TimeSpan.FromSeconds(5)), (s_options.FailureRatio, s_options.MinimumCalls, s_options.BreakDuration));
        Assert.Equal((TimeSpan.FromSeconds(30), 10), (s_options.Window.Duration, s_options.Window.Slices));
        Assert.Throws<ArgumentNullException>(() => new CircuitBreaker(null!));
        Assert.Throws<ArgumentNullException>(() => new CircuitBreaker(s_options).Subscribe(null!));
    }
}
