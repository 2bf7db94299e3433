namespace Resilience.Caching.Tests.Payloads;

public sealed class HeatTests
{
    [Fact]
    public void WhenUsed_ItCountsTo255_AndNotFurther()
    {
        ushort word = 0;
        for (var i = 1; i <= 300; i++)
        {
            Assert.Equal(Math.Min(i, 255), Heat.Add(ref word, 0));
        }
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 100)]
    [InlineData(2, 50)]
    [InlineData(7, 1)]
    [InlineData(8, 0)]
    [InlineData(255, 0)]
    public void WhenEpochsPass_EachHalvesIt(int epochs, int expected)
    {
        foreach (var start in new[] { 0, 250, 65_530 })
        {
            var word = Heat.Word(200, start);
            Assert.Equal(expected, Heat.Of(word, start + epochs));
            Assert.Equal(expected + 1, Heat.Add(ref word, start + epochs));
        }
    }

    [Fact]
    public void WhenFullAndTheEpochIsTheSame_NothingIsWritten()
    {
        var word = Heat.Word(255, 3);
        Assert.Equal(255, Heat.Add(ref word, 3));
        Assert.Equal(Heat.Word(255, 3), word);
        Assert.Equal(128, Heat.Add(ref word, 4));
    }
}
