using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Latency;

/// <summary>The definition of a quantile: nearest rank, ceil(q·n).</summary>
public sealed class QuantileTests
{
    // The first five tell nearest rank from rounding half up, from floor(q·n) and from floor(q·(n-1)), as the tests of HdrHistogram in Java and Rust do.
    [Theory]
    [InlineData(2, 0.5, 1)]
    [InlineData(2, 0.500000000000001, 2)]
    [InlineData(5, 0.25, 2)]
    [InlineData(5, 0.30, 2)]
    [InlineData(20_000, 0.99805, 19_961)]
    [InlineData(3, 0.5, 2)]
    [InlineData(3, 0.8333, 3)]
    [InlineData(1, 0.0, 1)]
    [InlineData(1, 1.0, 1)]
    [InlineData(1_000_000_007, 1.0, 1_000_000_007)]
    [InlineData(0, 0.5, 0)]
    public void WhenDefinitionsDiffer_TheRankIsTheNearest(long count, double quantile, long rank) => Assert.Equal(rank, Quantile.Rank(quantile, count));

    [Fact]
    public void WhenTheProductIsExact_SoIsTheRank() => Check.One(Samples.Config("rank", 5_000), Prop.ForAll(
        Gen.Choose(0, 10_000).ToArbitrary(), Gen.Choose(1, 2_000_000_000).ToArbitrary(),
        (part, count) => Quantile.Rank(part / 10_000.0, count) == Math.Max(1, ((long)part * count + 9_999) / 10_000)));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.0001)]
    [InlineData(1.0001)]
    [InlineData(99.0)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void WhenAQuantileIsOutOfRange_TheErrorNamesItAndNothingIsWritten(double quantile)
    {
        var histogram = new LatencyHistogram();
        histogram.RecordNanoseconds(1000);
        TimeSpan[] values = [TimeSpan.MaxValue, TimeSpan.MaxValue];
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => histogram.GetPercentiles([0.5, quantile], values));
        Assert.Contains("quantiles[1] is " + quantile.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
        Assert.Contains("[0, 1]", error.Message, StringComparison.Ordinal);
        Assert.All(values, value => Assert.Equal(TimeSpan.MaxValue, value));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(0, 1)]
    public void WhenSpansDifferInLength_TheErrorPrintsBoth(int quantiles, int values)
    {
        var error = Assert.Throws<ArgumentException>(() => new LatencyHistogram().GetPercentiles(new double[quantiles], new TimeSpan[values]));
        Assert.Contains($"{quantiles} quantiles", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{values} values", error.Message, StringComparison.Ordinal);
    }
}
