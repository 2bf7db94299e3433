using System.Globalization;
using System.Net.Http.Headers;
using FsCheck;
using FsCheck.Fluent;
using Resilience.Testing;

namespace Resilience.Http.Tests;

/// <summary>The parser beside the framework's, and dates beside the arithmetic of <see cref="DateTimeOffset"/>.</summary>
public sealed class RetryAfterPropertyTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true);

    // Whole seconds from year 1 to year 9999.
    private static Arbitrary<DateTimeOffset> Moments =>
        (from day in Gen.Choose(0, (int)(DateTimeOffset.MaxValue.Ticks / TimeSpan.TicksPerDay))
         from second in Gen.Choose(0, 86_399)
         select DateTimeOffset.MinValue.AddDays(day).AddSeconds(second)).ToArbitrary();

    private static Arbitrary<DateTimeOffset> MomentsNear(DateTimeOffset now) =>
        (from day in Gen.Choose(-2000, 2000)
         from millisecond in Gen.Choose(0, 86_399_999)
         select now.AddDays(day).AddMilliseconds(millisecond)).ToArbitrary();

    [Fact]
    public void AnySeconds_AgreeWithTheFramework() =>
        Check.One(s_config, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seconds =>
        {
            var text = seconds.ToString(CultureInfo.InvariantCulture);
            return RetryAfter.TryParse(text, new NoWallClock(), out var wait) && wait == RetryConditionHeaderValue.Parse(text).Delta;
        }));

    [Fact]
    public void AnyFixedDate_AgreesWithTheFramework_NeverEarly_AndLessThanASecondLate() =>
        Check.One(s_config, Prop.ForAll(MomentsNear(s_now), Moments, (now, date) =>
        {
            var text = date.ToString("r", CultureInfo.InvariantCulture);
            var parsed = RetryAfter.TryParse(text, new ManualClock(now), out var wait);
            return (parsed && RetryConditionHeaderValue.Parse(text).Date == date && IsDue(date, now, wait)).Label(text);
        }));

    [Fact]
    public void AnyAscTimeDate_NeverEarly_AndLessThanASecondLate() =>
        Check.One(s_config, Prop.ForAll(MomentsNear(s_now), Moments, (now, date) =>
        {
            var day = date.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2);
            var text = date.ToString($"ddd MMM '{day}' HH:mm:ss yyyy", CultureInfo.InvariantCulture);
            return (RetryAfter.TryParse(text, new ManualClock(now), out var wait) && IsDue(date, now, wait)).Label(text);
        }));

    [Fact]
    public void AnyTwoDigitDateWithinFortyNineYears_NeverEarly_AndLessThanASecondLate() =>
        Check.One(s_config, Prop.ForAll(MomentsNear(s_now), Gen.Choose(-49 * 365, 49 * 365).ToArbitrary(), (now, days) =>
        {
            var date = new DateTimeOffset(now.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero).AddDays(days);
            var text = date.ToString("dddd, dd-MMM-yy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture);
            return (RetryAfter.TryParse(text, new ManualClock(now), out var wait) && IsDue(date, now, wait)).Label(text);
        }));

    [Fact]
    public void AnyTextThatTheFrameworkRejects_IsRejected_UnlessItIsTooLargeForIt() =>
        Check.One(s_config, Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
            RetryConditionHeaderValue.TryParse(text, out _)
            || !RetryAfter.TryParse(text, new ManualClock(s_now), out _)
            || text.Trim().All(char.IsAsciiDigit)));

    private static bool IsDue(DateTimeOffset date, DateTimeOffset now, TimeSpan wait) =>
        date <= now ? wait == TimeSpan.Zero : wait >= date - now && wait < date - now + TimeSpan.FromSeconds(1);
}
