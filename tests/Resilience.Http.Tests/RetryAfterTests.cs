using System.Net.Http.Headers;
using Resilience.Testing;

namespace Resilience.Http.Tests;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("120", 120)]
    [InlineData(" \t120\t ", 120)]
    [InlineData("0000000000000000000000000000000000000005", 5)]
    [InlineData("922337203685", 922_337_203_685)]
    public void WhenSeconds_WaitIsTheirNumber(string value, long seconds)
    {
        Assert.True(RetryAfter.TryParse(value, new NoWallClock(), out var wait));
        Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
    }

    [Theory]
    [InlineData("922337203686")]
    [InlineData("1000000000000")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999999999999999999999999999999999")]
    public void WhenSecondsOverflow_WaitIsTheLongest(string value)
    {
        Assert.True(RetryAfter.TryParse(value, new NoWallClock(), out var wait));
        Assert.Equal(TimeSpan.MaxValue, wait);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("1 2")]
    [InlineData("5, 10")]
    [InlineData("soon")]
    [InlineData("٣")]
    [InlineData("120\r\n")]
    [InlineData("Sun")]
    [InlineData("Sun,")]
    [InlineData("Sunday,")]
    [InlineData("Sun, 06 Nov 1994 08:49:37")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 UTC")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 +0000")]
    [InlineData("Sun, 06 Nov 0000 08:49:37 GMT")]
    [InlineData("Sun, 00 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 31 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 29 Feb 2023 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 24:00:00 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:60:00 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:49:60 GMT")]
    [InlineData("Sun, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sunday, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Funday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov 06 08:49:37 94")]
    [InlineData("Sun, 06 ſep 1994 08:49:37 GMT")]
    public void WhenRubbish_NothingIsSaid(string value)
    {
        Assert.False(RetryAfter.TryParse(value, new ManualClock(s_now), out var wait));
        Assert.Equal(TimeSpan.Zero, wait);
    }

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    [InlineData("Sun Nov 06 08:49:37 1994")]
    [InlineData("sun, 06 nov 1994 08:49:37 gmt")]
    [InlineData("Mon, 06 Nov 1994 08:49:37 GMT")]
    public void WhenDateInAnyForm_WaitEndsAtIt(string value)
    {
        var date = new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero);

        Assert.True(RetryAfter.TryParse(value, new ManualClock(date.AddSeconds(-90)), out var before));
        Assert.True(RetryAfter.TryParse(value, new ManualClock(date), out var at));
        Assert.True(RetryAfter.TryParse(value, new ManualClock(date.AddSeconds(90)), out var past));

        Assert.Equal(TimeSpan.FromSeconds(90), before);
        Assert.Equal(TimeSpan.Zero, at);
        Assert.Equal(TimeSpan.Zero, past);
    }

    [Fact]
    public void WhenDateIsALeapSecond_WaitEndsAtTheMidnightAfterIt()
    {
        Assert.True(RetryAfter.TryParse("Sat, 31 Dec 2016 23:59:60 GMT", new ManualClock(new(2016, 12, 31, 23, 59, 58, TimeSpan.Zero)), out var wait));
        Assert.Equal(TimeSpan.FromSeconds(2), wait);
    }

    [Fact]
    public void WhenDateIsTheLastSecondOfTime_WaitIsAValue()
    {
        Assert.True(RetryAfter.TryParse("Fri, 31 Dec 9999 23:59:60 GMT", new ManualClock(s_now), out var wait));
        Assert.Equal(DateTimeOffset.MaxValue.Ticks + 1 - s_now.Ticks, wait.Ticks);
    }

    [Theory]
    [InlineData("Saturday, 01-Jan-80 00:00:00 GMT", 2080)] // exactly 50 years ahead
    [InlineData("Saturday, 01-Jan-80 00:00:01 GMT", 1980)] // one second beyond
    [InlineData("Saturday, 31-Dec-79 23:59:59 GMT", 2079)]
    [InlineData("Saturday, 01-Jan-00 00:00:00 GMT", 2000)]
    [InlineData("Saturday, 01-Jan-99 00:00:00 GMT", 1999)]
    public void WhenYearHasTwoDigits_ItIsTheLatestWithinFiftyYears(string value, int year)
    {
        Assert.True(HttpDate.TryParse(value, out var date));
        Assert.True(date.TryResolve(s_now.UtcDateTime, out var ticks));
        Assert.Equal(year, new DateTime(ticks).Year);
    }

    [Fact]
    public void WhenCenturyTurns_TwoDigitsReachIntoTheNext()
    {
        Assert.True(HttpDate.TryParse("Thursday, 01-Jan-05 00:00:00 GMT", out var date));
        Assert.True(date.TryResolve(new DateTime(2099, 12, 31), out var ticks));
        Assert.Equal(2105, new DateTime(ticks).Year);
    }

    [Fact]
    public void WhenHeaderIsMissing_NothingIsSaid()
    {
        using var response = new HttpResponseMessage();
        Assert.False(RetryAfter.TryRead(response, TimeProvider.System, out var wait));
        Assert.Equal(TimeSpan.Zero, wait);
    }

    [Theory]
    [InlineData(true, 7, "7")]
    [InlineData(true, 7, "3", "7")]
    [InlineData(true, 7, "7", "3")]
    [InlineData(true, 7, "soon", "7")]
    [InlineData(true, 7, "7", "-1")]
    [InlineData(false, 0, "soon", "-1")]
    public void WhenHeaderStandsSeveralTimes_TheLongestWaitCounts(bool expected, int seconds, params string[] lines)
    {
        using var response = new HttpResponseMessage();
        foreach (var line in lines)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", line);
        }

        Assert.Equal(expected, RetryAfter.TryRead(response, TimeProvider.System, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
    }

    [Fact]
    public void WhenHeaderWasSetAsAValue_ItIsRead()
    {
        using var response = new HttpResponseMessage();
        response.Headers.RetryAfter = new RetryConditionHeaderValue(s_now.AddSeconds(3));
        Assert.True(RetryAfter.TryRead(response, new ManualClock(s_now), out var wait));
        Assert.Equal(TimeSpan.FromSeconds(3), wait);
    }

    [Theory]
    [InlineData("120")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    [InlineData("rubbish")]
    public void Reading_AllocatesNothing(string value)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", value);
        for (var i = 0; i < 1000; i++)
        {
            RetryAfter.TryRead(response, TimeProvider.System, out _);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            RetryAfter.TryRead(response, TimeProvider.System, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
