using System.Numerics;
using System.Text.RegularExpressions;

namespace Resilience.Fuzz.Targets;

/// <summary>
/// Retry-After as RFC 9110 §10.2.3 and §5.6.7 say it, written to be checked against the text and not to be fast: expressions, big
/// integers, and a search for the year. Notes the branch that it took.
/// </summary>
internal static partial class RetryAfterModel
{
    private const string Days = "sun|mon|tue|wed|thu|fri|sat";
    private const string LongDays = "sunday|monday|tuesday|wednesday|thursday|friday|saturday";
    private const string Months = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";
    private const string Time = "(?<h>[0-9]{2}):(?<m>[0-9]{2}):(?<s>[0-9]{2})";

    /// <summary>The wait in ticks, or null if the value is malformed.</summary>
    internal static BigInteger? Wait(string value, DateTime now)
    {
        var text = new string([.. value.Trim(' ', '\t').Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c)]);
        if (Seconds().IsMatch(text))
        {
            var ticks = BigInteger.Parse(text) * TimeSpan.TicksPerSecond;
            Behaviour.Note(100 + Math.Min(text.Length, 24));
            return ticks > (TimeSpan.TicksPerSecond * (long.MaxValue / TimeSpan.TicksPerSecond)) ? long.MaxValue : ticks;
        }

        Match[] forms = [Fixed().Match(text), Rfc850().Match(text), AscTime().Match(text)];
        var form = Array.FindIndex(forms, m => m.Success);
        Behaviour.Note(form);
        if (form < 0)
        {
            Behaviour.Note(Math.Min(text.Length, 32));
            return null;
        }

        return Moment(forms[form].Groups, now) is { } moment ? RoundedUp(moment - now.Ticks) : null;
    }

    private static BigInteger RoundedUp(BigInteger ticks)
    {
        Behaviour.Note(ticks.Sign);
        BigInteger seconds = 0;
        if (ticks > 0)
        {
            seconds = BigInteger.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest) + (rest > 0 ? 1 : 0);
            Behaviour.Note(rest > 0 ? 1 : 0);
        }

        return seconds * TimeSpan.TicksPerSecond;
    }

    private static BigInteger? Moment(GroupCollection groups, DateTime now)
    {
        int Number(string name) => int.Parse(groups[name].Value.Trim());
        var (day, hour, minute, second) = (Number("day"), Number("h"), Number("m"), Number("s"));
        var month = Array.IndexOf(Months.Split('|'), groups["month"].Value) + 1;
        var isLeapSecond = hour == 23 && minute == 59 && second == 60;
        if (hour > 23 || minute > 59 || (second > 59 && !isLeapSecond))
        {
            Behaviour.Note(second == 60 ? 2 : 3);
            return null;
        }

        var year = groups["year"].Value.Length == 4 ? Number("year") : LatestYear(Number("year"), (month, day, hour, minute, second), now);
        if (year is < 1 or > 9999 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            Behaviour.Note(4);
            return null;
        }

        Behaviour.Note(isLeapSecond ? 5 : 6);
        return new BigInteger(new DateTime(year, month, day, hour, minute, 0).Ticks) + (second * TimeSpan.TicksPerSecond);
    }

    private static int LatestYear(int digits, (int Month, int Day, int Hour, int Minute, int Second) rest, DateTime now)
    {
        for (var year = now.Year + 50; year > 0; year--)
        {
            var isLimit = year == now.Year + 50;
            if (year % 100 == digits && (!isLimit || rest.CompareTo((now.Month, now.Day, now.Hour, now.Minute, now.Second)) <= 0))
            {
                Behaviour.Note(isLimit ? 7 : 8);
                return year;
            }
        }

        return 0;
    }

    [GeneratedRegex(@"^[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Seconds();

    [GeneratedRegex($@"^({Days}), (?<day>[0-9]{{2}}) (?<month>{Months}) (?<year>[0-9]{{4}}) {Time} gmt\z", RegexOptions.CultureInvariant)]
    private static partial Regex Fixed();

    [GeneratedRegex($@"^({LongDays}), (?<day>[0-9]{{2}})-(?<month>{Months})-(?<year>[0-9]{{2}}) {Time} gmt\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc850();

    [GeneratedRegex($@"^({Days}) (?<month>{Months}) (?<day>[0-9]{{2}}| [0-9]) {Time} (?<year>[0-9]{{4}})\z", RegexOptions.CultureInvariant)]
    private static partial Regex AscTime();
}
