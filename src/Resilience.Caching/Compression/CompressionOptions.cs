using System.Globalization;

namespace Resilience.Caching;

/// <summary>What is compressed, how, and what is believed of a frame. Immutable; checked when a codec or a cache is built.</summary>
public sealed record CompressionOptions
{
    /// <summary>Shorter payloads stay as they are, in bytes: from 0.</summary>
    public int MinimumLength { get; init; } = 512;

    /// <summary>Payloads of so many bytes are compressed with Brotli, shorter ones with Deflate: from 0.</summary>
    public int BrotliFrom { get; init; } = 5 * 1024;

    /// <summary>The level of Deflate: from 1 to 9.</summary>
    public int DeflateLevel { get; init; } = 6;

    /// <summary>The quality of Brotli: from 0 to 11. 10 and 11 take milliseconds where 5 takes tenths of one.</summary>
    public int BrotliQuality { get; init; } = 5;

    /// <summary>The least share of its bytes that a compressed payload must save, header included: from 0 to below 1.</summary>
    public double MinimumSaving { get; init; } = 0.1;

    /// <summary>The longest payload that is framed or believed, in bytes: from 1 to 2,147,483,000.</summary>
    public int MaxRawLength { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many times as long as its frame a payload may be: from 2. Deflate reaches about 1,030.</summary>
    public int MaxRatio { get; init; } = 1_100;

    internal const int LongestRaw = 2_147_483_000;

    /// <summary>These options, if they can be used.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range.</exception>
    internal CompressionOptions Validated()
    {
        Require(MinimumLength >= 0, nameof(MinimumLength), MinimumLength, "at least 0 bytes");
        Require(BrotliFrom >= 0, nameof(BrotliFrom), BrotliFrom, "at least 0 bytes");
        Require(DeflateLevel is >= 1 and <= 9, nameof(DeflateLevel), DeflateLevel, "from 1 to 9");
        Require(BrotliQuality is >= 0 and <= 11, nameof(BrotliQuality), BrotliQuality, "from 0 to 11");
        Require(MinimumSaving is >= 0 and < 1, nameof(MinimumSaving), MinimumSaving, "from 0 to below 1");
        Require(MaxRawLength is >= 1 and <= LongestRaw, nameof(MaxRawLength), MaxRawLength, "from 1 to 2147483000 bytes");
        Require(MaxRatio >= 2, nameof(MaxRatio), MaxRatio, "at least 2");
        return this;
    }

    private static void Require<T>(bool isValid, string property, T value, string range)
        where T : IFormattable
    {
        if (!isValid)
        {
            throw new ArgumentOutOfRangeException(
                property, $"{nameof(CompressionOptions)}.{property} is {value.ToString(null, CultureInfo.InvariantCulture)}; it must be {range}.");
        }
    }
}
