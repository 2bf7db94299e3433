using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Latency;

/// <summary>The one-word estimate: its stated error for known distributions, its pace, and its ends.</summary>
public sealed class MovingQuantileTests
{
    private readonly Random _random = new(20);

    public static TheoryData<double, double> Rest
    {
        get
        {
            var data = new TheoryData<double, double>();
            foreach (var quantile in new[] { 0.5, 0.9, 0.95, 0.99 })
            {
                foreach (var spread in new[] { 0.1, 0.5, 1.0 })
                {
                    data.Add(quantile, spread);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Rest))]
    public void WhenDurationsAreLogNormal_HalfTheEstimatesAreWithinSixPercentAndMostWithinFifteen(double quantile, double spread)
    {
        var truth = Math.Exp(spread * Normal.Inverse(quantile));
        var errors = new List<double>();
        for (var run = 0; run < 10; run++)
        {
            var moving = new MovingQuantile(quantile);
            for (var i = 0; i < 20_000; i++)
            {
                moving.Record(Duration(spread));
                if (i >= 4_000 && i % 20 == 0)
                {
                    errors.Add(Math.Abs((moving.Value.TotalMilliseconds / (10 * truth)) - 1));
                }
            }
        }

        errors.Sort();
        var (half, most) = (errors[errors.Count / 2], errors[errors.Count * 95 / 100]);
        Suite.Report("moving quantile", FormattableString.Invariant($"P{quantile * 100:0} of log-normal {spread}: half within {half:P1}, 95 % within {most:P1}"));
        Assert.True(half <= 0.06, $"{half:P1}");
        Assert.True(most <= 0.15, $"{most:P1}");
    }

    [Theory]
    [InlineData(0.5, 100)]
    [InlineData(0.95, 400)]
    [InlineData(0.99, 2_000)]
    public void WhenAConstantChanges_TheEstimateArrives(double quantile, int durations)
    {
        var moving = new MovingQuantile(quantile);
        foreach (var milliseconds in new[] { 10, 40, 10, 10.0 })
        {
            for (var i = 0; i < durations; i++)
            {
                moving.Record(TimeSpan.FromMilliseconds(milliseconds));
            }

            Assert.Equal(milliseconds, moving.Value.TotalMilliseconds, milliseconds * 0.1);
        }
    }

    [Fact]
    public void WhenOneDurationIsAnOutlier_TheEstimateMovesByNoMoreThanAStep()
    {
        var moving = new MovingQuantile(0.99);
        for (var i = 0; i < 5_000; i++)
        {
            moving.Record(TimeSpan.FromMilliseconds(10));
        }

        var before = moving.Value;
        moving.Record(TimeSpan.MaxValue);
        Assert.InRange(moving.Value / before, 1, 1.02);
    }

    [Fact]
    public void WhenDurationsAreAbsurd_TheEstimateStaysInTheRange()
    {
        foreach (var quantile in new[] { 0.01, 0.5, 0.999 })
        {
            var moving = new MovingQuantile(quantile);
            Assert.Equal((TimeSpan.Zero, 0), (moving.Value, moving.Count));
            for (var i = 0; i < 70_000; i++)
            {
                moving.Record(TimeSpan.MaxValue);
                moving.Record(long.MaxValue);
            }

            Assert.InRange(moving.Value.TotalSeconds, 3_500, 3_608);
            for (var i = 0; i < 2_000_000; i++)
            {
                moving.Record(TimeSpan.MinValue);
            }

            Assert.InRange(moving.Value.Ticks, 0, 1);
            Assert.Equal(65_535, moving.Count);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0.0099)]
    [InlineData(0.9991)]
    [InlineData(double.NaN)]
    public void WhenTheQuantileIsOutOfRange_TheErrorSaysWhy(double quantile) => Assert.Contains(
        "from 0.01 to 0.999", Assert.Throws<ArgumentOutOfRangeException>(() => new MovingQuantile(quantile)).Message, StringComparison.Ordinal);

    [Fact]
    public void WhenThreadsRecordTogether_TheEstimateStaysAmongTheDurations()
    {
        var moving = new MovingQuantile(0.9);
        Together.Run(4, thread =>
        {
            for (var i = 0; i < 500_000; i++)
            {
                moving.Record(TimeSpan.FromMilliseconds(10 + ((i + thread) % 10)));

                // The first steps are half an octave long.
                Assert.InRange(moving.Value.TotalMilliseconds, 6.9, 29);
            }
        });
        Assert.InRange(moving.Value.TotalMilliseconds, 16, 20);
    }

    [Fact]
    public void WhenRecording_NothingIsAllocated()
    {
        var moving = new MovingQuantile(0.9);
        Allocations.AssertNone(i =>
        {
            moving.Record((long)i);
            _ = moving.Value;
        });
    }

    private TimeSpan Duration(double spread) => TimeSpan.FromMilliseconds(10 * Math.Exp(spread * Normal.Next(_random)));
}
