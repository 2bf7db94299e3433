using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>The range of a budget's option.</summary>
internal static class RetryBudgetOption
{
    /// <summary>Throws unless <paramref name="value"/> lies between the two ends; a value that is not a number does not.</summary>
    internal static void Between<T>(T value, T low, T high, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T>
    {
        if (!(value >= low && value <= high))
        {
            throw new ArgumentOutOfRangeException(
                name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must lie between {low} and {high}."));
        }
    }

    /// <summary>Throws unless <paramref name="value"/> lies between the two ends.</summary>
    internal static void Between(TimeSpan value, TimeSpan low, TimeSpan high, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < low || value > high)
        {
            throw new ArgumentOutOfRangeException(
                name, $"{name} is {DurationText.Of(value)}; it must lie between {DurationText.Of(low)} and {DurationText.Of(high)}.");
        }
    }
}
