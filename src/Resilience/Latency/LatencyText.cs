using System.Globalization;

namespace Resilience;

/// <summary>
/// The text of a distribution, in characters that the caller owns: a line for logs, with a bar for each octave between the extremes, or a table
/// of fixed width. Written alike in every culture.
/// </summary>
internal ref struct LatencyText(Span<char> destination)
{
    private const int CountWidth = 14;
    private const int Width = 9;
    private const double MostSeconds = 999_999.5;
    private const double SecondsPerDay = 86_400;
    private const string Bars = "▁▂▃▄▅▆▇█";
    private static readonly double[] s_quantiles = [0.5, 0.9, 0.99, 0.999];
    private static readonly string[] s_columns = ["min", "mean", "p50", "p90", "p99", "p99.9", "max"];

    // Mutable: a position in the caller's span, moved by each append. A text that does not fit is over.
    private readonly Span<char> _destination = destination;
    private int _length;
    private bool _isOver;

    /// <summary>The quantiles that a text tells.</summary>
    internal static ReadOnlySpan<double> Quantiles => s_quantiles;

    /// <summary>Writes the text that a format asks for.</summary>
    /// <param name="format">"L" or nothing for the line, "T" for the table.</param>
    /// <param name="summary">Count, extremes and mean.</param>
    /// <param name="values">The durations of <see cref="Quantiles"/>.</param>
    /// <param name="octaves">The sum of each octave.</param>
    /// <param name="written">How many characters; zero if they do not fit.</param>
    /// <returns>Whether they fit.</returns>
    /// <exception cref="FormatException">The format is another.</exception>
    internal bool TryWrite(
        scoped ReadOnlySpan<char> format, in LatencySummary summary, scoped ReadOnlySpan<TimeSpan> values, scoped ReadOnlySpan<ulong> octaves,
        out int written)
    {
        if (format is "T")
        {
            WriteTable(summary, values);
        }
        else if (format is "" or "L")
        {
            WriteLine(summary, values, octaves);
        }
        else
        {
            throw new FormatException($"The format is \"{format}\": L is a line and T a table.");
        }

        written = _isOver ? 0 : _length;
        return !_isOver;
    }

    private void WriteTable(in LatencySummary summary, scoped ReadOnlySpan<TimeSpan> values)
    {
        Append("count", CountWidth);
        foreach (var column in s_columns)
        {
            Append(column, Width);
        }

        Append("\n", 1);
        AppendCount(summary.Reading.Count, CountWidth);
        AppendDuration(summary.Min, Width);
        AppendDuration(summary.Mean, Width);
        foreach (var value in values)
        {
            AppendDuration(value, Width);
        }

        AppendDuration(summary.Max, Width);
    }

    private void WriteLine(in LatencySummary summary, scoped ReadOnlySpan<TimeSpan> values, scoped ReadOnlySpan<ulong> octaves)
    {
        Append("p50", 0);
        AppendDuration(values[0], 8);
        Append("  p99", 0);
        AppendDuration(values[2], 8);
        Append("  n ", 0);
        AppendCount(summary.Reading.Count, 0);
        if (summary.Reading.Count == 0)
        {
            return;
        }

        Append("  ", 0);
        AppendDuration(summary.Min, 0);
        Append(" ", 0);
        AppendBars(octaves);
        Append(" ", 0);
        AppendDuration(summary.Max, 0);
    }

    // An octave with any record has a bar; the highest stands for the octave with most.
    private void AppendBars(scoped ReadOnlySpan<ulong> octaves)
    {
        var first = octaves.IndexOfAnyExcept(0UL);
        var last = octaves.LastIndexOfAnyExcept(0UL);
        var most = 0UL;
        foreach (var octave in octaves)
        {
            most = Math.Max(most, octave);
        }

        Span<char> bars = stackalloc char[Buckets.Blocks];
        for (var i = first; i <= last; i++)
        {
            var height = (int)Math.Ceiling(octaves[i] * (double)Bars.Length / most);
            bars[i - first] = height == 0 ? ' ' : Bars[height - 1];
        }

        Append(bars[..(last - first + 1)], 0);
    }

    private void AppendCount(long count, int width)
    {
        Span<char> digits = stackalloc char[32];
        count.TryFormat(digits, out var length, "N0", CultureInfo.InvariantCulture);
        Append(digits[..length], width);
    }

    // Three digits and a unit; what would round to a thousand takes the next one, and what has more than six digits of seconds is told in days.
    private void AppendDuration(TimeSpan duration, int width)
    {
        var value = duration.Ticks * 100.0;
        var unit = "ns";
        foreach (var next in (ReadOnlySpan<string>)["µs", "ms", "s"])
        {
            if (value < 999.5)
            {
                break;
            }

            (value, unit) = (value / 1000, next);
        }

        if (value >= MostSeconds)
        {
            (value, unit) = (value / SecondsPerDay, "d");
        }

        Span<char> text = stackalloc char[16];
        var digits = unit == "ns" || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        value.TryFormat(text, out var length, digits, CultureInfo.InvariantCulture);
        text[length++] = ' ';
        unit.CopyTo(text[length..]);
        Append(text[..(length + unit.Length)], width);
    }

    private void Append(scoped ReadOnlySpan<char> text, int width)
    {
        var pad = Math.Max(0, width - text.Length);
        if (_isOver || _destination.Length - _length < pad + text.Length)
        {
            _isOver = true;
            return;
        }

        _destination.Slice(_length, pad).Fill(' ');
        text.CopyTo(_destination[(_length + pad)..]);
        _length += pad + text.Length;
    }
}
