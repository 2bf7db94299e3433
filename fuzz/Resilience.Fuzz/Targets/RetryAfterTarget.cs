using System.Numerics;
using System.Text;
using Resilience.Http;

namespace Resilience.Fuzz.Targets;

/// <summary>
/// The Retry-After parser beside <see cref="RetryAfterModel"/>. The first four bytes choose the wall clock (century, day, second and
/// fraction), the rest is the value in UTF-8.
/// </summary>
public static class RetryAfterTarget
{
    private const int Header = 4;

    /// <summary>The shape of the parser.</summary>
    /// <param name="value">The value.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wait">The wait.</param>
    /// <returns>Whether the value is well formed.</returns>
    public delegate bool Parser(ReadOnlySpan<char> value, TimeProvider time, out TimeSpan wait);

    /// <summary>The target and its language.</summary>
    public static FuzzTarget Create() => new("retry-after", Run, Seeds(), Tokens());

    /// <summary>Checks the product's parser.</summary>
    /// <param name="input">The bytes.</param>
    public static void Run(ReadOnlySpan<byte> input) => Check(RetryAfter.TryParse, input);

    /// <summary>Checks any parser, such as one with a known fault.</summary>
    /// <param name="parser">The parser.</param>
    /// <param name="input">The bytes.</param>
    public static void Check(Parser parser, ReadOnlySpan<byte> input)
    {
        if (input.Length < Header)
        {
            return;
        }

        var now = Now(input);
        var value = Encoding.UTF8.GetString(input[Header..]);
        var clock = new WallClock(now);
        var parsed = parser(value, clock, out var wait);
        var model = RetryAfterModel.Wait(value, now);
        if (parsed != model.HasValue)
        {
            throw new FuzzFailure($"Well-formedness differs: {parsed} for \"{value}\" at {now:o}, the model says {model?.ToString() ?? "malformed"}.");
        }

        if (wait.Ticks != (model ?? BigInteger.Zero))
        {
            throw new FuzzFailure($"The wait differs: {wait.Ticks} for \"{value}\" at {now:o}, the model says {model}.");
        }

        if (clock.Reads > (value.Any(char.IsAsciiLetter) ? 1 : 0))
        {
            throw new FuzzFailure($"The wall clock was read: {clock.Reads} times for \"{value}\".");
        }
    }

    private static DateTime Now(ReadOnlySpan<byte> input) =>
        new DateTime(1 + (39 * input[0]), 1, 1, 0, 0, 0, DateTimeKind.Utc)
            .AddDays(input[1] * 5)
            .AddSeconds(input[2] * 338)
            .AddTicks(input[3] * 39_216L);

    private static byte[][] Seeds() =>
    [
        [],
        .. new[]
        {
            "0", "120", "-1", "1000000000000", "922337203685", " 5\t", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994", "Thu, 29 Feb 2024 00:00:00 GMT", "Sat, 31 Dec 2016 23:59:60 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
            "Wednesday, 29-Feb-00 12:00:00 GMT", "3, 5", "soon",
        }.Select(value => (byte[])[52, 0, 0, 0, .. Encoding.UTF8.GetBytes(value)]),
    ];

    private static byte[][] Tokens() =>
    [
        .. "Sun,|Monday,|Tue|Wednesday,|Thu,|Friday,| Jan |-Feb-| Mar |-Apr-|May|Jun|Jul|Aug|Sep|Oct|Nov|-Dec-| GMT|23:59:60|00:00:00|:60|29|31|00|0000|9999|1994|ſ|٣"
            .Split('|')
            .Select(Encoding.UTF8.GetBytes),
    ];

    private sealed class WallClock(DateTime now) : TimeProvider
    {
        public int Reads { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            Reads++;
            return new DateTimeOffset(now);
        }
    }
}
