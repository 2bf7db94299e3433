namespace Resilience.Caching.Tests.Compression;

public sealed class CompressionOptionsTests
{
    public static TheoryData<CompressionOptions, string, string> Bad => new()
    {
        { new() { MinimumLength = -1 }, "MinimumLength is -1", "at least 0" },
        { new() { BrotliFrom = int.MinValue }, "BrotliFrom is -2147483648", "at least 0" },
        { new() { DeflateLevel = 0 }, "DeflateLevel is 0", "from 1 to 9" },
        { new() { DeflateLevel = 10 }, "DeflateLevel is 10", "from 1 to 9" },
        { new() { BrotliQuality = -1 }, "BrotliQuality is -1", "from 0 to 11" },
        { new() { BrotliQuality = 12 }, "BrotliQuality is 12", "from 0 to 11" },
        { new() { MinimumSaving = -0.01 }, "MinimumSaving is -0.01", "from 0 to below 1" },
        { new() { MinimumSaving = 1 }, "MinimumSaving is 1", "from 0 to below 1" },
        { new() { MinimumSaving = double.NaN }, "MinimumSaving is NaN", "from 0 to below 1" },
        { new() { MaxRawLength = 0 }, "MaxRawLength is 0", "from 1 to 2147483000" },
        { new() { MaxRawLength = int.MaxValue }, "MaxRawLength is 2147483647", "from 1 to 2147483000" },
        { new() { MaxRatio = 1 }, "MaxRatio is 1", "at least 2" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void WhenAnOptionIsOutOfRange_ItIsNamedWithValueAndRange(CompressionOptions options, string value, string range)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new PayloadCodec(options));
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
        Assert.Contains(range, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenOptionsAreAtTheirEdges_TheyAreTaken()
    {
        var least = new CompressionOptions { MinimumLength = 0, BrotliFrom = 0, DeflateLevel = 1, BrotliQuality = 0, MinimumSaving = 0, MaxRawLength = 1, MaxRatio = 2 };
        var most = new CompressionOptions
        {
            MinimumLength = int.MaxValue,
            BrotliFrom = int.MaxValue,
            DeflateLevel = 9,
            BrotliQuality = 11,
            MinimumSaving = 0.999,
            MaxRawLength = 2_147_483_000,
            MaxRatio = int.MaxValue,
        };
        Assert.Equal((least, most), (new PayloadCodec(least).Options, new PayloadCodec(most).Options));
    }
}
