using System.Globalization;

namespace Resilience.Rpc;

/// <summary>Numbers that fit: any, one, those from a first to a last (<c>500..599</c>), or none at all (<c>none</c>).</summary>
internal readonly record struct FaultRange(long First, long Last, bool IsAny, bool IsNone)
{
    /// <exception cref="FormatException">The text is none of these.</exception>
    internal static FaultRange Parse(string text)
    {
        if (text.Length == 0)
        {
            return new FaultRange(0, 0, IsAny: true, IsNone: false);
        }

        if (text == "none")
        {
            return new FaultRange(0, 0, IsAny: false, IsNone: true);
        }

        var ends = text.Split("..");
        return ends.Length <= 2 && TryParse(ends[0], out var first) && TryParse(ends[^1], out var last) && first <= last
            ? new FaultRange(first, last, IsAny: false, IsNone: false)
            : throw new FormatException($"'{text}' is no number, no range such as 500..599, and not 'none'.");
    }

    internal bool Fits(long? number) => IsAny || (IsNone ? number is null : number >= First && number <= Last);

    private static bool TryParse(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
