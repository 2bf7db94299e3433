using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>The text form.</content>
public sealed partial class CountPercentileTracker : ISpanFormattable
{
    /// <summary>A line for logs: the median, P99, the count, and a bar for each octave from the least to the greatest duration.</summary>
    public override string ToString() => ToString(null, null);

    /// <summary>The line, or a table of count, extremes, mean and quantiles in columns of fixed width.</summary>
    /// <param name="format">"L", null or empty for the line, "T" for the table.</param>
    /// <param name="formatProvider">Not used: the text is the same everywhere.</param>
    /// <exception cref="FormatException"><paramref name="format"/> is another.</exception>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        Span<char> text = stackalloc char[256];
        TryFormat(text, out var written, format, formatProvider);
        return new string(text[..written]);
    }

    /// <summary>Like <see cref="ToString(string?, IFormatProvider?)"/>, without an allocation; 256 characters suffice.</summary>
    /// <param name="destination">Room for the text.</param>
    /// <param name="charsWritten">How many characters; zero if they do not fit.</param>
    /// <param name="format">"L" or empty for the line, "T" for the table.</param>
    /// <param name="provider">Not used: the text is the same everywhere.</param>
    /// <returns>Whether the text fits.</returns>
    /// <exception cref="FormatException"><paramref name="format"/> is another.</exception>
    [SkipLocalsInit]
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var all = Read(stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks]);
        return all.TryFormat(Reading(all), destination, out charsWritten, format);
    }
}
