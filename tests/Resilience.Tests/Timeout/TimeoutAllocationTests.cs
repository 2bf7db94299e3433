using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>What a call that completes at once allocates: nothing, with and without a token that can be cancelled, on either clock.</summary>
public sealed class TimeoutAllocationTests
{
    public static TheoryData<bool, bool, int> Cases
    {
        get
        {
            var cases = new TheoryData<bool, bool, int>();
            foreach (var (system, cancellable, milliseconds) in
                from s in new[] { false, true } from c in new[] { false, true } from m in new[] { 50, 30_000 } select (s, c, m))
            {
                cases.Add(system, cancellable, milliseconds);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void WhenTheCalleeCompletesAtOnce_NothingIsAllocated(bool system, bool cancellable, int milliseconds)
    {
        using var caller = new CancellationTokenSource();
        var token = cancellable ? caller.Token : CancellationToken.None;
        var pipeline = new PipelineBuilder<int> { TimeProvider = system ? TimeProvider.System : new ManualClock() }
            .AddTimeout(TimeSpan.FromMilliseconds(milliseconds), "total").AddTimeout(TimeSpan.FromMilliseconds(milliseconds - 10)).Build();
        AssertNone(() => pipeline.ExecuteAsync(static t => new ValueTask<int>(t.IsCancellationRequested ? 0 : 1), token).GetAwaiter().GetResult());
    }

    [Fact]
    public void WhenImmediateRetriesFollowFailingResults_NothingIsAllocated_WithATimeoutEachAttempt()
    {
        var pipeline = new PipelineBuilder<int> { TimeProvider = new ManualClock() }
            .Classify(rules => rules.OnResult(static r => r < 0, Verdict.Transient))
            .AddRetry(new RetryOptions { MaxRetries = 2, Backoff = Backoff.None })
            .AddTimeout(TimeSpan.FromSeconds(1))
            .Build();
        AssertNone(() => pipeline.ExecuteAsync(static t => new ValueTask<int>(t.IsCancellationRequested ? 0 : -1)).GetAwaiter().GetResult());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void WhenARetryHasNothingToDo_OrTriesAgainAtOnce_NothingIsAllocated(int result)
    {
        var pipeline = new PipelineBuilder<int>()
            .Classify(rules => rules.OnResult(static r => r < 0, Verdict.Transient))
            .AddRetry(new RetryOptions { Backoff = Backoff.None })
            .Build();
        AssertNone(() => pipeline.ExecuteAsync(static (r, _) => new ValueTask<int>(r), result).GetAwaiter().GetResult());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void WhenARetryHasABudget_NothingIsAllocated(int result)
    {
        foreach (var budget in new RetryBudget[] { new LeakyBucketBudget(), new InFlightBudget(), new TokenPairBudget(), new CostBudget() })
        {
            var pipeline = new PipelineBuilder<int>()
                .Classify(rules => rules.OnResult(static r => r < 0, Verdict.Transient))
                .AddRetry(new RetryOptions { Backoff = Backoff.None, Budget = budget })
                .Build();
            AssertNone(() => pipeline.ExecuteAsync(static (r, _) => new ValueTask<int>(r), result).GetAwaiter().GetResult());
        }
    }

    private static void AssertNone(Func<int> call) => Assert.Equal(0, Execution.Allocations.Of(() => call()));
}
