namespace Resilience.Tests.Chaoses;

/// <summary>Into how many attempts chaos is injected, which kind, and that a seed repeats it.</summary>
public sealed class ChaosOddsTests
{
    private const int Draws = 100_000;

    private static readonly ChaosInjection s_fault = ChaosInjection.Fault(_ => new IOException());

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void WhenARateIsGiven_SuchAShareOfAttemptsIsTouched(double rate) =>
        Assert.InRange(Touched(new ChaosOptions { Injection = s_fault, Rate = rate }), (rate - 0.01) * Draws, (rate + 0.01) * Draws);

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, Draws)]
    [InlineData(double.PositiveInfinity, Draws)]
    public void WhenTheRateIsGenerated_ItCountsInPlaceOfTheConstant_AndIsClamped(double rate, int touched) =>
        Assert.Equal(touched, Touched(new ChaosOptions { Injection = s_fault, Rate = 0.5, RateGenerator = _ => rate }));

    [Fact]
    public void WhenAnAttemptIsNotEnabled_NothingIsDrawnForIt()
    {
        var calls = 0;
        var options = new ChaosOptions { Injection = s_fault, Rate = 0.5, Seed = 7 };
        var every = Sequence(options, 100);
        var second = Sequence(options with { EnabledGenerator = _ => calls++ % 2 == 1 }, 200);
        Assert.All(second.Where((_, i) => i % 2 == 0), Assert.False);
        Assert.Equal(every, second.Where((_, i) => i % 2 == 1));
    }

    [Fact]
    public void WhenTheSeedIsTheSame_SoIsTheSequence_AndOtherwiseItIsNot()
    {
        var options = new ChaosOptions { Injection = s_fault, Rate = 0.5, Seed = 42 };
        Assert.Equal(Sequence(options, 1_000), Sequence(options, 1_000));
        Assert.NotEqual(Sequence(options, 1_000), Sequence(options with { Seed = 43 }, 1_000));
        Assert.NotEqual(Sequence(options with { Seed = null }, 1_000), Sequence(options with { Seed = null }, 1_000));
    }

    [Fact]
    public void WhenWeightsAreGiven_EachKindComesThatOften_AndAZeroNever()
    {
        var counts = new int[4];
        var choices = new[] { 0.0, 1, 3, 6 }.Select((weight, i) => (weight, ChaosInjection.Fault(_ =>
        {
            counts[i]++;
            return null;
        }))).ToArray();
        Touched(new ChaosOptions { Injection = ChaosInjection.Weighted(choices), Rate = 1, Seed = 1 });
        Assert.Equal((0, Draws), (counts[0], counts.Sum()));
        Assert.All(new[] { 1, 3, 6 }.Zip(counts.Skip(1)), pair => Assert.InRange(pair.Second, (pair.First - 0.1) * Draws / 10, (pair.First + 0.1) * Draws / 10));
        Assert.Equal("0 % fault, 10 % fault, 30 % fault, 60 % fault", ChaosInjection.Weighted(choices).ToString());
    }

    [Fact]
    public void WhenChoicesAreNested_EachIsDrawnInItsTurn()
    {
        var (inner, outer) = (0, 0);
        var injection = ChaosInjection.Weighted(
            (1, ChaosInjection.Weighted((1, ChaosInjection.Fault(_ => Count(ref inner))))), (1, ChaosInjection.Fault(_ => Count(ref outer))));
        Touched(new ChaosOptions { Injection = injection, Rate = 1, Seed = 3 });
        Assert.Equal(Draws, inner + outer);
        Assert.InRange(inner, 0.49 * Draws, 0.51 * Draws);

        static Exception? Count(ref int count)
        {
            count++;
            return null;
        }
    }

    [Fact]
    public void WhenAGeneratorChooses_ItIsThatOne_BelowZeroNone_AndBeyondTheLastAnError()
    {
        var choice = 0;
        var pipeline = Build(new ChaosOptions
        {
            Injection = ChaosInjection.Chosen(_ => choice, ChaosInjection.Fault(_ => new IOException()), ChaosInjection.Fault(_ => new FormatException())),
            Rate = 1,
        });
        foreach (var (chosen, expected) in new[] { (0, typeof(IOException)), (1, typeof(FormatException)), (-1, null), (2, typeof(InvalidOperationException)) })
        {
            choice = chosen;
            Assert.Equal(expected, pipeline.ExecuteOutcome(static (CancellationToken _) => 1).Exception?.GetType());
        }
    }

    private static int Touched(ChaosOptions options) => Sequence(options, Draws).Count(touched => touched);

    private static bool[] Sequence(ChaosOptions options, int count)
    {
        var pipeline = Build(options);
        var sequence = new bool[count];
        for (var i = 0; i < count; i++)
        {
            sequence[i] = !pipeline.ExecuteOutcome(static (CancellationToken _) => 1).HasResult;
        }

        return sequence;
    }

    private static Pipeline Build(ChaosOptions options) => new PipelineBuilder().AddChaos(options with { Activation = ChaosActivation.Always }).Build();
}
