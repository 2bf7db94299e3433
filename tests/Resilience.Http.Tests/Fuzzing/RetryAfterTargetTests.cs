using System.Globalization;
using Resilience.Fuzz;
using Resilience.Fuzz.Targets;
using Resilience.Testing;

namespace Resilience.Http.Tests.Fuzzing;

/// <summary>Parsers with known faults: a target that passes one of them proves nothing.</summary>
public sealed class RetryAfterTargetTests
{
    private const int Executions = 300_000;

    [Fact]
    public void Product_Passes() => Assert.Null(Fuzz(RetryAfter.TryParse));

    [Fact]
    public void WhenSecondsOverflow_Caught() => AssertCaught((ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait) =>
    {
        var parsed = RetryAfter.TryParse(value, time, out wait);
        wait = wait == TimeSpan.MaxValue ? new TimeSpan(long.MinValue) : wait;
        return parsed;
    });

    [Fact]
    public void WhenLargestSecondsAreOffByOne_Caught() => AssertCaught((ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait) =>
    {
        var parsed = RetryAfter.TryParse(value, time, out wait);
        wait = wait.Ticks == 922_337_203_685 * TimeSpan.TicksPerSecond ? TimeSpan.MaxValue : wait;
        return parsed;
    });

    [Fact]
    public void WhenDatesRoundDown_Caught() => AssertCaught((ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait) =>
    {
        var parsed = RetryAfter.TryParse(value, time, out wait);
        var isDate = wait > TimeSpan.Zero && value.ContainsAny(':', ',');
        wait -= isDate && time.GetUtcNow().Ticks % TimeSpan.TicksPerSecond != 0 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;
        return parsed;
    });

    [Fact]
    public void WhenPastDatesAreNegative_Caught() => AssertCaught((ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait) =>
    {
        var parsed = RetryAfter.TryParse(value, time, out wait);
        wait = parsed && wait == TimeSpan.Zero && value.Contains(':') ? TimeSpan.FromTicks(-1) : wait;
        return parsed;
    });

    [Fact]
    public void WhenLeapSecondsAreRejected_Caught() => AssertCaught((ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait) =>
    {
        wait = TimeSpan.Zero;
        return !value.Contains(":60", StringComparison.Ordinal) && RetryAfter.TryParse(value, time, out wait);
    });

    [Fact]
    public void WhenDigitsOfOtherScriptsCount_Caught() => AssertCaught((ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait) =>
    {
        Span<char> ascii = stackalloc char[value.Length];
        for (var i = 0; i < ascii.Length; i++)
        {
            ascii[i] = char.IsDigit(value[i]) ? (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(value[i])) : value[i];
        }

        return RetryAfter.TryParse(ascii, time, out wait);
    });

    [Fact]
    public void WhenOtherBlanksCount_Caught() => AssertCaught((ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait) =>
        RetryAfter.TryParse(value.Trim(), time, out wait));

    [Fact]
    public void WhenTwoDigitYearsReachAYearTooFar_Caught() => AssertCaught((ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait) =>
    {
        var parsed = RetryAfter.TryParse(value, time, out wait);
        if (parsed && value.Contains('-'))
        {
            var year = TimeSpan.FromDays(365);
            RetryAfter.TryParse(value, new ManualClock(time.GetUtcNow() + year), out var later);
            wait = later > TimeSpan.Zero ? later + year : wait;
        }

        return parsed;
    });

    private static void AssertCaught(RetryAfterTarget.Parser parser)
    {
        var crash = Fuzz(parser);
        Assert.NotNull(crash);
        Assert.IsType<FuzzFailure>(crash.Error);
    }

    private static Crash? Fuzz(RetryAfterTarget.Parser parser)
    {
        var target = RetryAfterTarget.Create() with { Run = input => RetryAfterTarget.Check(parser, input) };
        return new Campaign(target, seed: 1).Run(target.Seeds, TimeSpan.MaxValue, Executions);
    }
}
