namespace Resilience.Rpc.Tests.Faults;

public sealed class FaultCorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void EveryCaseOfTheCorpus_HasItsClassAndItsTreatment()
    {
        var wrong = FaultCorpus.Misjudged(FaultTable.Default, FaultCorpus.Cases);
        output.WriteLine($"corpus: {FaultCorpus.Cases.Count} rows, {FaultCorpus.Cases.Count - wrong.Count} passed, {FaultTable.Default.Rules.Count} rules");
        Assert.Empty(wrong.Select(c => $"{c.Source} {c.Signal} is {FaultTable.Default.Classify(c.Signal)}, must be {c.Fault}"));
        Assert.True(FaultCorpus.Cases.Count >= 150, $"{FaultCorpus.Cases.Count} rows");
    }

    [Fact]
    public void NoCaseComesTwice() => Assert.Equal(FaultCorpus.Cases.Count, FaultCorpus.Cases.Distinct().Count());

    [Fact]
    public void WhenARuleIsAdded_ItComesBeforeTheOthers_AndTheTableBeforeIsUntouched()
    {
        var signal = new FaultSignal(200, -32000, "nonce too low", null, "eth_sendRawTransaction");
        var table = FaultTable.Default.With(FaultRule.Parse("|-32000|nonce*||eth_send*|Client"));
        Assert.Equal((FaultClass.Client, FaultClass.TxRejected), (table.Classify(signal), FaultTable.Default.Classify(signal)));
    }

    [Fact]
    public void WhenARuleBreaksTheCorpus_TheCasesAreNamed()
    {
        var table = FaultTable.Default.With(FaultRule.Parse("|4444||||Server"));
        Assert.Equal(["geth", "nethermind"], FaultCorpus.Misjudged(table, FaultCorpus.Cases).Select(c => c.Source));
    }

    [Fact]
    public void WhenCasesAreReadFromText_TheyAreJudgedLikeTheOthers()
    {
        var cases = FaultCorpus.Read(new StringReader("# mine\n\nmine|200|-1|odd||m|Unclassified|no|no|no|yes|ignored\n"));
        Assert.Equal((1, 0), (cases.Count, FaultCorpus.Misjudged(FaultTable.Default, cases).Count));
    }

    [Theory]
    [InlineData("1|2|3", "3 columns")]
    [InlineData("x|||||Server", "'x' is no number")]
    [InlineData("5..1|||||Server", "'5..1' is no number")]
    [InlineData("|||||Nothing", "'Nothing' is no fault class")]
    [InlineData("|||||None", "'None' is no fault class")]
    [InlineData("|||||77", "'77' is no fault class")]
    public void WhenARuleCannotBeRead_TheMessageSaysWhy(string row, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => FaultRule.Parse(row)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a|200|1")]
    [InlineData("a|x|1|m|d|m|Server|yes|no|yes|no|permanent")]
    [InlineData("a|200|1|m|d|m|Server|maybe|no|yes|no|permanent")]
    [InlineData("a|200|1|m|d|m|Server|yes|no|no|no|permanent")]
    [InlineData("a|200|1|m|d|m|Server|yes|no|yes|no|perhaps")]
    public void WhenACaseCannotBeRead_ItIsShown(string row) =>
        Assert.Contains(row, Assert.Throws<FormatException>(() => FaultCase.Parse(row)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", null, true)]
    [InlineData("*", null, true)]
    [InlineData("a", null, false)]
    [InlineData("abc", "ABC", true)]
    [InlineData("abc", "abcd", false)]
    [InlineData("abc*", "abcd", true)]
    [InlineData("*bcd", "abcd", true)]
    [InlineData("*bc", "abcd", false)]
    [InlineData("a*c*d", "abcd", true)]
    [InlineData("a*d*c", "abcd", false)]
    [InlineData("ab*bc", "abc", false)]
    public void APatternFits_ExactlyWhereItsPartsComeInOrder(string pattern, string? text, bool fits) =>
        Assert.Equal(fits, new FaultPattern(pattern).Fits(text));

    [Fact]
    public void WhenWarm_ALookUpAllocatesNothing()
    {
        var signal = new FaultSignal(200, -32000, "the moon is in the wrong house", null, "eth_call");
        Assert.Equal(0, Allocations.Of(() => FaultTable.Default.Classify(signal)));
    }
}
