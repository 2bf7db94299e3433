using System.Text;

namespace Resilience.Http;

/// <summary>
/// An HTTP date (RFC 9110 §5.6.7) as written, in any of its three forms: <c>Sun, 06 Nov 1994 08:49:37 GMT</c>,
/// <c>Sunday, 06-Nov-94 08:49:37 GMT</c> and <c>Sun Nov  6 08:49:37 1994</c>. Letters match in either case; a day name must be one,
/// but need not be the date's, for the date alone says when. The leap second 23:59:60 is the midnight that follows it.
/// Allocates nothing; constant time.
/// </summary>
internal readonly struct HttpDate
{
    private const string ShortDays = "SunMonTueWedThuFriSat";
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private const int Invalid = -1;

    private readonly int _year;
    private readonly int _month;
    private readonly int _day;
    private readonly int _secondOfDay;
    private readonly bool _isCenturyUnknown;

    private HttpDate(int year, int month, int day, int secondOfDay, bool isCenturyUnknown = false)
    {
        _year = year;
        _month = month;
        _day = day;
        _secondOfDay = secondOfDay;
        _isCenturyUnknown = isCenturyUnknown;
    }

    // Each part that does not parse is negative; a day's existence depends on the century and is checked with it.
    private bool IsWellFormed => _year >= 0 && _month > 0 && _day > 0 && _secondOfDay >= 0;

    /// <summary>Reads a date without the blanks around it.</summary>
    internal static bool TryParse(ReadOnlySpan<char> value, out HttpDate date)
    {
        var comma = value.IndexOf(',');
        date = comma switch
        {
            3 when IsShortDay(value[..3]) => ParseFixed(value[4..]),
            >= 6 when IsLongDay(value[..comma]) => ParseRfc850(value[(comma + 1)..]),
            Invalid when value.Length == 24 && IsShortDay(value[..3]) => ParseAscTime(value[3..]),
            _ => default,
        };
        return date.IsWellFormed;
    }

    /// <summary>
    /// The moment in ticks of <see cref="DateTime"/>. A year of two digits is the latest that is not more than 50 years after
    /// <paramref name="now"/>.
    /// </summary>
    internal bool TryResolve(DateTime now, out long ticks)
    {
        var year = _isCenturyUnknown ? FullYear(now) : _year;
        ticks = 0;
        if (year is < 1 or > 9999 || _day > DateTime.DaysInMonth(year, _month))
        {
            return false;
        }

        ticks = new DateTime(year, _month, _day).Ticks + (_secondOfDay * TimeSpan.TicksPerSecond);
        return true;
    }

    // " 06 Nov 1994 08:49:37 GMT"
    private static HttpDate ParseFixed(ReadOnlySpan<char> rest) =>
        rest.Length == 25 && rest[0] == ' ' && rest[3] == ' ' && rest[7] == ' ' && rest[12] == ' ' && IsGmt(rest[21..])
            ? new HttpDate(Number(rest[8..12]), Month(rest[4..7]), Number(rest[1..3]), SecondOfDay(rest[13..21]))
            : default;

    // " 06-Nov-94 08:49:37 GMT"
    private static HttpDate ParseRfc850(ReadOnlySpan<char> rest) =>
        rest.Length == 23 && rest[0] == ' ' && rest[3] == '-' && rest[7] == '-' && rest[10] == ' ' && IsGmt(rest[19..])
            ? new HttpDate(Number(rest[8..10]), Month(rest[4..7]), Number(rest[1..3]), SecondOfDay(rest[11..19]), isCenturyUnknown: true)
            : default;

    // " Nov  6 08:49:37 1994"
    private static HttpDate ParseAscTime(ReadOnlySpan<char> rest) =>
        rest[0] == ' ' && rest[4] == ' ' && rest[7] == ' ' && rest[16] == ' '
            ? new HttpDate(Number(rest[17..]), Month(rest[1..4]), Number(rest[5] == ' ' ? rest[6..7] : rest[5..7]), SecondOfDay(rest[8..16]))
            : default;

    private static bool IsShortDay(ReadOnlySpan<char> name) => IndexOfName(ShortDays, name) >= 0;

    private static bool IsLongDay(ReadOnlySpan<char> name) => IndexOfName(ShortDays, name[..3]) switch
    {
        0 => Equal(name, "Sunday"),
        1 => Equal(name, "Monday"),
        2 => Equal(name, "Tuesday"),
        3 => Equal(name, "Wednesday"),
        4 => Equal(name, "Thursday"),
        5 => Equal(name, "Friday"),
        6 => Equal(name, "Saturday"),
        _ => false,
    };

    private static bool IsGmt(ReadOnlySpan<char> zone) => Equal(zone, " GMT");

    private static int Month(ReadOnlySpan<char> name) => IndexOfName(Months, name) + 1;

    private static int IndexOfName(string names, ReadOnlySpan<char> name)
    {
        for (var at = 0; at < names.Length; at += 3)
        {
            if (Equal(name, names.AsSpan(at, 3)))
            {
                return at / 3;
            }
        }

        return Invalid;
    }

    private static bool Equal(ReadOnlySpan<char> left, ReadOnlySpan<char> right) => Ascii.EqualsIgnoreCase(left, right);

    // "08:49:37"
    private static int SecondOfDay(ReadOnlySpan<char> value)
    {
        if (value[2] != ':' || value[5] != ':')
        {
            return Invalid;
        }

        var (hour, minute, second) = (Number(value[..2]), Number(value[3..5]), Number(value[6..]));
        var isLeap = (hour, minute, second) is (23, 59, 60);
        return hour is < 0 or > 23 || minute is < 0 or > 59 || second < 0 || (second > 59 && !isLeap)
            ? Invalid
            : (((hour * 60) + minute) * 60) + second;
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return Invalid;
            }

            number = (number * 10) + digit - '0';
        }

        return number;
    }

    private int FullYear(DateTime now)
    {
        var limit = now.Year + 50;
        var year = limit - (limit % 100) + _year;
        var isBeyond = (year, _month, _day, _secondOfDay).CompareTo((limit, now.Month, now.Day, (int)now.TimeOfDay.TotalSeconds)) > 0;
        return isBeyond ? year - 100 : year;
    }
}
