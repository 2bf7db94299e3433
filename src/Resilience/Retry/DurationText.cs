using System.Globalization;

namespace Resilience;

/// <summary>Durations as people write them: "50 ms", "1.5 s", "2 min".</summary>
internal static class DurationText
{
    /// <summary>Exact: in the largest of days, hours and minutes that divides it, else in seconds, milliseconds or microseconds.</summary>
    /// <param name="value">Any duration.</param>
    internal static string Of(TimeSpan value)
    {
        var ticks = value.Ticks;
        if (ticks == 0)
        {
            return "0 s";
        }

        if (ticks % TimeSpan.TicksPerMinute == 0)
        {
            return ticks % TimeSpan.TicksPerDay == 0 ? Scaled(ticks, TimeSpan.TicksPerDay, "d")
                : ticks % TimeSpan.TicksPerHour == 0 ? Scaled(ticks, TimeSpan.TicksPerHour, "h")
                : Scaled(ticks, TimeSpan.TicksPerMinute, "min");
        }

        return Math.Abs((decimal)ticks) switch
        {
            >= TimeSpan.TicksPerSecond => Scaled(ticks, TimeSpan.TicksPerSecond, "s"),
            >= TimeSpan.TicksPerMillisecond => Scaled(ticks, TimeSpan.TicksPerMillisecond, "ms"),
            _ => Scaled(ticks, TimeSpan.TicksPerMicrosecond, "µs"),
        };
    }

    private static string Scaled(long ticks, long unit, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{(decimal)ticks / unit:0.#######} {name}");
}
