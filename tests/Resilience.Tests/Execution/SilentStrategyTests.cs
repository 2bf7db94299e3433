namespace Resilience.Tests.Execution;

/// <summary>Strategies that override no more than they must: what is left out changes nothing.</summary>
public sealed class SilentStrategyTests : Timeouts.FreshStack
{
    private static readonly ValueTask s_later = new(Task.Run(static () => { }, TestContext.Current.CancellationToken));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenATypedStrategyOverridesNothing_TheCallPassesUntouched()
    {
        var outer = new Probe();
        var pipeline = Pipelines.For<int>(outer, new Silent());
        Assert.Equal(1, pipeline.Execute(static (CancellationToken _) => 1, Stop));
        Assert.Equal(2, await pipeline.ExecuteAsync(static _ => new ValueTask<int>(2), Stop));
        var failed = await pipeline.ExecuteOutcomeAsync(static ValueTask<int> (_) => throw new IOException(), Stop);
        Assert.IsType<IOException>(failed.Exception);
        Assert.Equal((3, 3, Verdict.Transient), (outer.Entered, outer.Left, outer.LastVerdict));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenAStrategyOnlyWaits_TheCallGoesOnAfterwards(bool typed)
    {
        var outer = new Probe();
        var pipeline = Pipelines.For<int>(outer, typed ? new WaitingForResults() : new Waiting());
        Assert.Equal(3, await pipeline.ExecuteAsync(static _ => new ValueTask<int>(3), Stop));
        Assert.Equal((1, 1, Verdict.Success), (outer.Entered, outer.Left, outer.LastVerdict));
    }

    [Fact]
    public void WhenAWrappingStrategySaysThatItIsSynchronousAndIsNot_TheCallFailsByName_AndStrategiesAreLeft()
    {
        foreach (var strategy in new Strategy[] { new Boasting(), new BoastingOfResults() })
        {
            var outer = new Probe();
            var pipeline = Pipelines.For<int>(outer, strategy);
            var failed = pipeline.ExecuteOutcome(static (CancellationToken _) => 1, Stop);
            Assert.Contains($"'{strategy.Name}'", Assert.IsType<NotSupportedException>(failed.Exception).Message, StringComparison.Ordinal);
            Assert.Equal((1, 1), (outer.Entered, outer.Left));
        }
    }

    [Fact]
    public async Task WhenAWrappingStrategySaysNothing_ItIsAsynchronousOnly()
    {
        var pipeline = Pipelines.For<int>(new Modest());
        Assert.Contains(
            "'modest'", Assert.Throws<InvalidOperationException>(() => pipeline.Execute(static (CancellationToken _) => 1, Stop)).Message, StringComparison.Ordinal);
        Assert.Equal(1, await pipeline.ExecuteAsync(static _ => new ValueTask<int>(1), Stop));
    }

    private sealed class Silent() : Strategy<int>("silent");

    private sealed class Waiting() : Strategy("waiting")
    {
        protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
        {
            frame.WaitFor(s_later);
            return Entry.Wait;
        }

        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
        {
            frame.WaitFor(s_later);
            return Exit.Wait;
        }
    }

    private sealed class WaitingForResults() : Strategy<int>("waiting")
    {
        protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot, ref Outcome<int> outcome)
        {
            frame.WaitFor(s_later);
            return Entry.Wait;
        }

        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot, ref Outcome<int> outcome)
        {
            frame.WaitFor(s_later);
            return Exit.Wait;
        }
    }

    private sealed class Boasting() : WrappingStrategy("boasting")
    {
        public override bool SupportsSynchronousCalls => true;

        protected internal override ValueTask<Outcome<T>> ExecuteAsync<T>(Inner<T> inner) => inner.ExecuteAsync();
    }

    private sealed class BoastingOfResults() : WrappingStrategy<int>("boasting of results")
    {
        public override bool SupportsSynchronousCalls => true;

        protected internal override ValueTask<Outcome<int>> ExecuteAsync(Inner<int> inner) => inner.ExecuteAsync();
    }

    private sealed class Modest() : WrappingStrategy<int>("modest")
    {
        protected internal override ValueTask<Outcome<int>> ExecuteAsync(Inner<int> inner) => inner.ExecuteAsync();
    }
}
