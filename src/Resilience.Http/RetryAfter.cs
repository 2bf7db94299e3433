namespace Resilience.Http;

/// <summary>
/// Reads the Retry-After header (RFC 9110 §10.2.3): a number of seconds or an HTTP date. A wait is never shorter than what the server
/// asked for: a date rounds up to whole seconds, and what no <see cref="TimeSpan"/> can hold is <see cref="TimeSpan.MaxValue"/>.
/// Stateless and safe for concurrent use; allocates nothing; linear in the length of the value. The wall clock is read only for a date.
/// </summary>
public static class RetryAfter
{
    private const string HeaderName = "Retry-After";
    private const ulong MaxSeconds = long.MaxValue / TimeSpan.TicksPerSecond;

    /// <summary>Reads the header of a response. Of several header lines the longest wait counts; lines that say nothing are passed over.</summary>
    /// <param name="response">The response.</param>
    /// <param name="time">Whose wall clock a date is compared with.</param>
    /// <param name="wait">The least wait before another request; zero for a date in the past and when the result is false.</param>
    /// <returns>Whether the response names a wait.</returns>
    public static bool TryRead(HttpResponseMessage response, TimeProvider time, out TimeSpan wait)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(time);
        wait = TimeSpan.Zero;
        if (!response.Headers.NonValidated.TryGetValues(HeaderName, out var lines))
        {
            return false;
        }

        var found = false;
        foreach (var line in lines)
        {
            if (TryParse(line, time, out var one))
            {
                found = true;
                wait = one > wait ? one : wait;
            }
        }

        return found;
    }

    /// <summary>Reads one value: digits only, or one of the three forms of an HTTP date; blanks around it do not count.</summary>
    /// <param name="value">The value.</param>
    /// <param name="time">Whose wall clock a date is compared with.</param>
    /// <param name="wait">The least wait before another request; zero for a date in the past and when the result is false.</param>
    /// <returns>Whether the value is well formed.</returns>
    public static bool TryParse(ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait)
    {
        ArgumentNullException.ThrowIfNull(time);
        value = value.Trim(" \t");
        if (value.IsEmpty)
        {
            wait = TimeSpan.Zero;
            return false;
        }

        return char.IsAsciiDigit(value[0]) ? TryParseSeconds(value, out wait) : TryParseDate(value, time, out wait);
    }

    private static bool TryParseSeconds(ReadOnlySpan<char> value, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        ulong seconds = 0;
        foreach (var c in value)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            seconds = Math.Min((seconds * 10) + (ulong)(c - '0'), MaxSeconds + 1);
        }

        wait = seconds > MaxSeconds ? TimeSpan.MaxValue : new TimeSpan((long)seconds * TimeSpan.TicksPerSecond);
        return true;
    }

    private static bool TryParseDate(ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (!HttpDate.TryParse(value, out var date))
        {
            return false;
        }

        var now = time.GetUtcNow().UtcDateTime;
        if (!date.TryResolve(now, out var moment))
        {
            return false;
        }

        // The sender cut its clock to whole seconds. Rounding up makes good for that, and leaves clients that were told the same
        // second with the different phases that they had, instead of one stampede.
        var ticks = Math.Max(0, moment - now.Ticks);
        var seconds = (ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        wait = new TimeSpan(seconds * TimeSpan.TicksPerSecond);
        return true;
    }
}
