using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>Results that can only be disposed asynchronously are disposed, too: once, by whoever discards them, and nobody waits for it.</summary>
public sealed class AsyncDisposalTests
{
    private readonly ManualClock _clock = new();
    private readonly List<Later> _results = [];

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task WhenAResultIsTriedAgain_ItIsDisposedOnce_AndTheLastIsNot(int delay)
    {
        var pipeline = Retried(Backoff.Constant(TimeSpan.FromMilliseconds(delay)));
        var call = pipeline.ExecuteAsync((CancellationToken _) => new ValueTask<Later>(New())).AsTask();
        for (var i = 0; i < 2; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(delay));
        }

        Assert.Same(_results[2], await call);
        Assert.Equal([1, 1, 0], _results.Select(r => r.Disposals));
    }

    [Fact]
    public void WhenRetriesFollowAtOnce_ItIsDisposedOnTheShortLineToo_InEveryForm()
    {
        var pipeline = Retried(Backoff.None);
        pipeline.Execute((CancellationToken _) => New());
        pipeline.ExecuteOutcome((CancellationToken _) => New());
        pipeline.ExecuteOutcomeAsync((CancellationToken _) => new ValueTask<Outcome<Later>>(Outcome.FromResult(New()))).GetAwaiter().GetResult();
        Assert.Equal([1, 1, 0, 1, 1, 0, 1, 1, 0], _results.Select(r => r.Disposals));
    }

    [Fact]
    public void WhenAFallbackReplacesIt_ItIsDisposed()
    {
        var pipeline = new PipelineBuilder<Later?>()
            .Classify(static r => r.OnResult(static result => result is not null, Verdict.Permanent))
            .AddFallback(Fallback.Value<Later?>(null))
            .Build();
        Assert.Null(pipeline.Execute((CancellationToken _) => New()));
        Assert.Equal(1, _results[0].Disposals);
    }

    [Fact]
    public async Task WhenAHedgeOrAnAbandonedCallLoses_ItIsDisposedWhenItComes()
    {
        var first = new TaskCompletionSource<Later>();
        var abandoned = new AbandonedCalls();
        var pipeline = new PipelineBuilder<Later> { TimeProvider = _clock }
            .AddHedging(new HedgingOptions { Delay = HedgeDelay.After(TimeSpan.FromSeconds(1)) })
            .AddTimeout(new TimeoutOptions { Timeout = TimeSpan.FromSeconds(3), Abandoned = abandoned })
            .Build();
        var calls = 0;
        var call = pipeline.ExecuteAsync((CancellationToken _) => new ValueTask<Later>(calls++ == 0 ? first.Task : Task.FromResult(New()))).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(_results[0], await call);
        first.SetResult(New());
        Assert.Equal([0, 1], _results.Select(r => r.Disposals));
        Assert.Equal((1, 1), (abandoned.Count, abandoned.Succeeded));
    }

    [Fact]
    public void WhenItsDisposalFailsAtOnce_TheCallFailsWithThat()
    {
        var pipeline = Retried(Backoff.None);
        var outcome = pipeline.ExecuteOutcome((CancellationToken _) => New(Task.FromException(new ScriptedException("dispose"))));
        Assert.Equal("dispose", outcome.Exception?.Message);
        Assert.Single(_results);
    }

    [Fact]
    public void WhenItsDisposalTakesTime_TheNextAttemptDoesNotWaitForIt()
    {
        var disposal = new TaskCompletionSource();
        var pipeline = Retried(Backoff.None);
        Assert.Same(pipeline.Execute((CancellationToken _) => New(disposal.Task)), _results[2]);
        Assert.Equal([1, 1, 0], _results.Select(r => r.Disposals));
        disposal.SetResult();
    }

    [Fact]
    public void WhenItCanBeDisposedAtOnce_ItIsDisposedOnce()
    {
        var result = new Both();
        var pipeline = new PipelineBuilder<Both?>()
            .Classify(static r => r.OnResult(static result => result is not null, Verdict.Permanent))
            .AddFallback(Fallback.Value<Both?>(null))
            .Build();
        pipeline.Execute((CancellationToken _) => result);
        Assert.Equal((1, 0), (result.AtOnce, result.Behind));
    }

    private Pipeline<Later> Retried(Backoff backoff) =>
        new PipelineBuilder<Later> { TimeProvider = _clock }
        .Classify(r => r.OnResult(_ => _results.Count % 3 != 0, Verdict.Transient))
        .AddRetry(new RetryOptions { Backoff = backoff })
        .Build();

    private Later New(Task? disposal = null)
    {
        _results.Add(new Later(disposal ?? Task.CompletedTask));
        return _results[^1];
    }

    private sealed class Later(Task disposal) : IAsyncDisposable
    {
        internal int Disposals { get; private set; }

        public ValueTask DisposeAsync()
        {
            Disposals++;
            return new ValueTask(disposal);
        }
    }

    private sealed class Both : IDisposable, IAsyncDisposable
    {
        internal int AtOnce { get; private set; }

        internal int Behind { get; private set; }

        public void Dispose() => AtOnce++;

        public ValueTask DisposeAsync()
        {
            Behind++;
            return default;
        }
    }
}
