using System.Globalization;

namespace Resilience.Rpc;

/// <summary>Plain comparisons of options. The message names the option, the value and the range.</summary>
internal static class OptionCheck
{
    internal static void That(bool holds, string option, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message, option);
        }
    }

    internal static void NotNull(object? value, string option) => That(value is not null, option, $"{option} is null; it must be set.");

    // Written so that NaN fails.
    internal static void Range(double value, double least, double most, string option) => That(
        value >= least && value <= most, option,
        string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; it must be from {least} to {most}."));

    internal static void Duration(TimeSpan value, TimeSpan least, TimeSpan most, string option) =>
        That(value >= least && value <= most, option, $"{option} is {value}; it must be from {least} to {most}.");
}
