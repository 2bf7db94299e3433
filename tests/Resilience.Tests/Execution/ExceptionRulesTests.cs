namespace Resilience.Tests.Execution;

/// <summary>Rules on exceptions: by type, inner type and predicate, first match first.</summary>
public sealed class ExceptionRulesTests
{
    [Fact]
    public void WhenThereAreNoRules_EveryExceptionIsTransient() =>
        Assert.Equal(Verdict.Transient, new ExceptionRules().Classify(new ScriptedException("any")));

    [Fact]
    public void WhenNoRuleMatches_TheExceptionIsIgnored_UnlessSaidOtherwise()
    {
        var rules = new ExceptionRules().On<TimeoutException>(Verdict.Transient);
        Assert.Equal(Verdict.Ignored, rules.Classify(new ScriptedException("other")));
        Assert.Equal(Verdict.Permanent, rules.Otherwise(Verdict.Permanent).Classify(new ScriptedException("other")));
        Assert.Equal(Verdict.Permanent, new ExceptionRules().Otherwise(Verdict.Permanent).Classify(new ScriptedException("other")));
    }

    [Fact]
    public void WhenTypesAreRelated_ABaseMatchesWhatIsDerived_AndTheFirstRuleWins()
    {
        var rules = new ExceptionRules().On<FileNotFoundException>(Verdict.Permanent).On<IOException>(Verdict.Transient);
        Assert.Equal(Verdict.Permanent, rules.Classify(new FileNotFoundException()));
        Assert.Equal(Verdict.Transient, rules.Classify(new DirectoryNotFoundException()));
        var reversed = new ExceptionRules().On<IOException>(Verdict.Transient).On<FileNotFoundException>(Verdict.Permanent);
        Assert.Equal(Verdict.Transient, reversed.Classify(new FileNotFoundException()));
    }

    [Fact]
    public void WhenThereIsAPredicate_ItDecidesWithinTheType()
    {
        var rules = new ExceptionRules().On<ScriptedException>(e => e.Message == "again", Verdict.Transient).Otherwise(Verdict.Permanent);
        Assert.Equal(Verdict.Transient, rules.Classify(new ScriptedException("again")));
        Assert.Equal(Verdict.Permanent, rules.Classify(new ScriptedException("no")));
        Assert.Equal(Verdict.Permanent, rules.Classify(new IOException("again")));
    }

    [Fact]
    public void WhenARuleIsOnInnerExceptions_AnyDepthAndAnyBranchMatches_ButNotTheExceptionItself()
    {
        var rules = new ExceptionRules().OnInner<TimeoutException>(Verdict.Transient);
        Assert.Equal(Verdict.Transient, rules.Classify(new IOException("outer", new IOException("middle", new TimeoutException()))));
        Assert.Equal(Verdict.Transient, rules.Classify(new AggregateException(
            new IOException(), new AggregateException(new IOException(), new IOException("outer", new TimeoutException())))));
        Assert.Equal(Verdict.Ignored, rules.Classify(new TimeoutException()));
        Assert.Equal(Verdict.Ignored, rules.Classify(new AggregateException(new IOException())));
    }

    [Fact]
    public void WhenARuleOnInnerExceptionsHasAPredicate_ItDecides()
    {
        var rules = new ExceptionRules().OnInner<IOException>(e => e.Message == "reset", Verdict.Transient);
        Assert.Equal(Verdict.Transient, rules.Classify(new ScriptedAround(new IOException("reset"))));
        Assert.Equal(Verdict.Ignored, rules.Classify(new ScriptedAround(new IOException("refused"))));
    }

    [Fact]
    public void WhenManyExceptionsAreInside_AnyThatThePredicateAcceptsMatches()
    {
        var rules = new ExceptionRules().OnInner<IOException>(e => e.Message == "reset", Verdict.Transient);
        Assert.Equal(Verdict.Transient, rules.Classify(new AggregateException(new IOException("refused"), new TimeoutException(), new IOException("reset"))));
        Assert.Equal(Verdict.Ignored, rules.Classify(new AggregateException(new IOException("refused"), new TimeoutException("reset"))));
    }

    [Fact]
    public void WhenARuleIsAdded_TheRulesBeforeAreUnchanged()
    {
        var none = new ExceptionRules();
        none.On<IOException>(Verdict.Permanent);
        Assert.Equal(Verdict.Transient, none.Classify(new IOException()));
    }

    [Fact]
    public void WhenRulesAreOnOutcomes_ResultsGoByTheirOwn_FirstMatchFirst()
    {
        var rules = new OutcomeRules<int>()
            .OnResult(static r => r == 503, Verdict.Throttled(TimeSpan.FromSeconds(1)))
            .OnResult(static r => r >= 500, Verdict.Transient)
            .On<IOException>(Verdict.Permanent)
            .On<ScriptedException>(static e => e.Message == "again", Verdict.Transient)
            .OnInner<TimeoutException>(Verdict.Transient)
            .OnInner<IOException>(static e => e.Message == "reset", Verdict.Transient)
            .Otherwise(new Verdict(Health.None, Again.Yes));
        Assert.Equal(Verdict.Success, rules.Classify(Outcome.FromResult(200)));
        Assert.Equal(Verdict.Throttled(TimeSpan.FromSeconds(1)), rules.Classify(Outcome.FromResult(503)));
        Assert.Equal(Verdict.Transient, rules.Classify(Outcome.FromResult(500)));
        Assert.Equal(Verdict.Permanent, rules.Classify(Outcome.FromException<int>(new IOException())));
        Assert.Equal(Verdict.Transient, rules.Classify(Outcome.FromException<int>(new ScriptedException("again"))));
        Assert.Equal(Verdict.Transient, rules.Classify(Outcome.FromException<int>(new ScriptedAround(new TimeoutException()))));
        Assert.Equal(Verdict.Transient, rules.Classify(Outcome.FromException<int>(new ScriptedAround(new IOException("reset")))));
        Assert.Equal(new Verdict(Health.None, Again.Yes), rules.Classify(Outcome.FromException<int>(new ScriptedException("other"))));
        Assert.Equal(Verdict.Transient, new OutcomeRules<int>().Classify(Outcome.FromException<int>(new IOException())));
    }

    [Fact]
    public void WhenAPredicateIsNull_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => new ExceptionRules().On<IOException>(null!, Verdict.Transient));
        Assert.Throws<ArgumentNullException>(() => new ExceptionRules().OnInner<IOException>(null!, Verdict.Transient));
        Assert.Throws<ArgumentNullException>(() => new OutcomeRules<int>().OnResult(null!, Verdict.Transient));
        Assert.Throws<ArgumentNullException>(() => new OutcomeRules<int>().On<IOException>(null!, Verdict.Transient));
        Assert.Throws<ArgumentNullException>(() => new OutcomeRules<int>().OnInner<IOException>(null!, Verdict.Transient));
    }

    private sealed class ScriptedAround(Exception inner) : Exception("around", inner);
}
