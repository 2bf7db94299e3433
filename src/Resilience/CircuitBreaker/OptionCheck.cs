using System.Globalization;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>Checks options. A message is composed only where the check fails, so that building a breaker pays for none.</summary>
internal static class OptionCheck
{
    internal static void That(bool holds, string option, [InterpolatedStringHandlerArgument(nameof(holds))] ref Complaint complaint)
    {
        if (!holds)
        {
            throw new ArgumentException(complaint.ToStringAndClear(), option);
        }
    }

    internal static void That(bool holds, string option, string complaint)
    {
        if (!holds)
        {
            throw new ArgumentException(complaint, option);
        }
    }

    internal static void NotNull(object? value, string option) => That(value is not null, option, $"{option} is not null.");

    // Written so that NaN fails.
    internal static void Ratio(double? value, string option) =>
        That(value is null or (> 0 and <= 1), option, $"{option} is above 0 and at most 1, not {value}.");

    internal static void Range(double value, double least, double most, string option) =>
        That(value >= least && value <= most, option, $"{option} is from {least} to {most}, not {value}.");

    internal static void Duration(TimeSpan value, string option) =>
        That(value > TimeSpan.Zero && value <= TimeSpan.FromDays(1), option, $"{option} is above zero and at most a day, not {value}.");

    /// <summary>An interpolated message that evaluates nothing while the check before it holds.</summary>
    [InterpolatedStringHandler]
    internal ref struct Complaint
    {
        // Not readonly: it grows in place.
        private DefaultInterpolatedStringHandler _text;

        public Complaint(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = isNeeded ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        internal string ToStringAndClear() => _text.ToStringAndClear();
    }
}
