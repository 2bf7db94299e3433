using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Execution;

/// <summary>
/// The short line beside the straight one: the same pipeline, calls and ends, once as it is and once with a layer that does nothing but must be
/// asked. Nothing that can be seen from outside may differ.
/// </summary>
public sealed class ShortLineTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(25).WithQuietOnSuccess(true);

    private static readonly Arbitrary<int[]> s_numbers = Gen.Choose(0, 2047).ArrayOf().ToArbitrary();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void WhenAPipelineTakesTheShortLine_NothingDiffersFromTheStraightOne(int form) =>
        Check.One(s_config, Prop.ForAll(s_numbers, numbers =>
        {
            var small = new ShortLineWorld(numbers, straight: false);
            var whole = new ShortLineWorld(numbers, straight: true);
            var (was, expected) = (small.Run(form), whole.Run(form));
            return (small.IsShort && !whole.IsShort && was == expected).Label($"\nexpected {expected}\nbut was  {was}");
        }));

    [Fact]
    public void WhenAGoodCallsBreakerHasChangedItsGeneration_TheReportIsStale()
    {
        var breaker = new CircuitBreaker(new CircuitBreakerOptions { Window = CircuitWindow.Calls(8), MinimumCalls = 1 });
        var pipeline = new PipelineBuilder().AddCircuitBreaker(breaker).Build();
        pipeline.ExecuteAsync(static (b, _) => Change(b), breaker).GetAwaiter().GetResult();
        Assert.Equal((1, 0), (breaker.Snapshot.Stale, breaker.Snapshot.Calls));

        static ValueTask<int> Change(CircuitBreaker breaker)
        {
            breaker.Isolate();
            breaker.Reset();
            return new ValueTask<int>(1);
        }
    }

    [Fact]
    public void WhenABreakerStandsAlone_ItsRefusalIsCountedAndSaysWhen()
    {
        var breaker = new CircuitBreaker(new CircuitBreakerOptions { InitialState = CircuitState.Isolated, Name = "b" });
        var pipeline = new PipelineBuilder().AddCircuitBreaker(breaker).Build();
        var outcome = pipeline.ExecuteOutcomeAsync(static (_, _) => new ValueTask<int>(1), 0).GetAwaiter().GetResult();
        Assert.Equal(RejectionReason.CircuitIsolated, outcome.Rejection!.Value.Reason);
        Assert.Equal(1, breaker.Snapshot.Rejected);
    }

    [Fact]
    public void WhichPipelinesAreShort()
    {
        Assert.True(Short(static b => b));
        Assert.True(Short(static b => b.AddRetry()));
        Assert.True(Short(static b => b.AddRetry(new RetryOptions { OnRetry = static _ => ValueTask.CompletedTask })));
        Assert.True(Short(static b => b.AddRetry().AddCircuitBreaker().AddRetry()));
        Assert.False(Short(static b => b.AddCircuitBreaker().AddCircuitBreaker()));
        Assert.False(Short(static b => b.AddCircuitBreaker(new CircuitBreakerOptions { BreakDurationGenerator = static t => t.BreakDuration })));
        Assert.False(Short(static b => b.AddRetry(new RetryOptions { Budget = new LeakyBucketBudget(new LeakyBucketBudgetOptions()) })));
        Assert.True(Short(static b => b.AddTimeout(TimeSpan.FromSeconds(30)).AddRetry().AddCircuitBreaker().AddTimeout(TimeSpan.FromSeconds(10))));
        Assert.False(Short(static b => b.AddTimeout(new TimeoutOptions { Timeout = TimeSpan.FromSeconds(1), Abandoned = new AbandonedCalls() })));
        Assert.False(Short(static b => b.AddRetry().AddRetry().AddRetry().AddRetry().AddRetry().AddRetry()));

        static bool Short(Func<PipelineBuilder, PipelineBuilder> build) => build(new PipelineBuilder()).Build().Core.IsShort;
    }
}
