namespace Resilience.Tests.Fallbacks;

/// <summary>Whose a result is that is replaced or given, what a fallback costs, and what its options and synchronous calls refuse.</summary>
[Collection(Execution.Allocations.Alone)]
public sealed class FallbackResultTests : Timeouts.FreshStack
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenAResultIsReplaced_ItIsDisposedOnce_AndTheNewOneIsNot(bool suspends)
    {
        var (original, other) = (new Response(), new Response());
        var pipeline = Bad().AddFallback(Fallback.FromAsync<Response>(async e =>
        {
            Assert.Equal((original, 0), (e.Outcome.ResultOrDefault, original.Disposed));
            if (suspends)
            {
                await Task.Yield();
            }

            return other;
        })).Build();
        Assert.Same(other, await pipeline.ExecuteAsync(_ => new ValueTask<Response>(original), Stop));
        Assert.Equal((1, 0), (original.Disposed, other.Disposed));
    }

    [Fact]
    public async Task WhenTheFallbackGivesTheOriginalItself_ItIsNotDisposed()
    {
        var original = new Response();
        var pipeline = Bad().AddFallback(Fallback.From<Response>(e => e.Outcome.ResultOrDefault!)).Build();
        Assert.Same(original, await pipeline.ExecuteAsync(_ => new ValueTask<Response>(original), Stop));
        Assert.Equal(0, original.Disposed);
    }

    [Fact]
    public async Task WhenTheActionFails_TheOriginalIsDisposedOnce()
    {
        var original = new Response();
        var pipeline = Bad().AddFallback(Fallback.From<Response>(_ => throw new IOException())).Build();
        Assert.IsType<IOException>((await pipeline.ExecuteOutcomeAsync(_ => new ValueTask<Response>(original), Stop)).Exception);
        Assert.Equal(1, original.Disposed);
    }

    [Fact]
    public void WhenAPipelineIsDescribed_ItSaysWhatItsFallbackGives()
    {
        Assert.Contains("Action = 42", Described(Fallback.Value(42)), StringComparison.Ordinal);
        Assert.Contains("Action = factory", Described(Fallback.From<int>(static _ => 1)), StringComparison.Ordinal);
        Assert.Contains("Action = asynchronous factory", Described(Fallback.FromAsync<int>(static _ => new(1))), StringComparison.Ordinal);
        var other = new PipelineBuilder<int> { Name = "mirror" };
        Assert.Contains("Action = call through mirror", Described(Fallback.Call(other.Build(), static (_, _) => new ValueTask<int>(1), 0)), StringComparison.Ordinal);
        other.Name = null;
        Assert.Contains("Action = call through pipeline", Described(Fallback.Call(other.Build(), static (_, _) => new ValueTask<int>(1), 0)), StringComparison.Ordinal);

        static string Described(FallbackAction<int> action) => new PipelineBuilder<int>().AddFallback(action).Build().ToString();
    }

    [Fact]
    public void WhenAValueIsDisposable_ItIsRefused_SinceManyCallsWouldBeGivenTheSame()
    {
        var thrown = Assert.Throws<ArgumentException>(() => Fallback.Value(new Response()));
        Assert.Equal("value", thrown.ParamName);
        Assert.Contains("Response", thrown.Message, StringComparison.Ordinal);
        Assert.NotNull(Fallback.Value<Response?>(null));
    }

    [Fact]
    public void WhenTheCallIsSynchronous_ValuesAndFactoriesWork_AndAsynchronousActionsAreRefusedByName()
    {
        Assert.Equal(2, Of(Fallback.Value(2)).Execute(int (CancellationToken _) => throw new IOException(), Stop));
        Assert.Equal(2, Of(Fallback.From<int>(_ => 2)).Execute(int (CancellationToken _) => throw new IOException(), Stop));
        foreach (var action in new[]
        {
            Fallback.FromAsync<int>(static _ => new(1)),
            Fallback.Call(Pipeline.Empty, static (_, _) => new ValueTask<int>(1), 0),
        })
        {
            var starts = 0;
            var thrown = Assert.Throws<InvalidOperationException>(() => Of(action).Execute((CancellationToken _) => starts++, Stop));
            Assert.Contains("'fallback'", thrown.Message, StringComparison.Ordinal);
            Assert.Equal(0, starts);
        }
    }

    [Fact]
    public void WhenASynchronousCallsHookSuspends_TheCallFailsByName()
    {
        var pipeline = new PipelineBuilder<int>().AddFallback(new FallbackOptions<int>
        {
            Action = Fallback.Value(2),
            OnFallback = _ => new ValueTask(new TaskCompletionSource().Task),
        }).Build();
        var thrown = Assert.Throws<InvalidOperationException>(() => pipeline.Execute(int (CancellationToken _) => throw new IOException(), Stop));
        Assert.Contains("'fallback'", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenNotTriggered_OrGivenAValue_NothingIsAllocated()
    {
        foreach (var action in new[] { Fallback.Value(2), Fallback.From<int>(static _ => 2), Fallback.FromAsync<int>(static _ => new(2)) })
        {
            var pipeline = new PipelineBuilder<int>().Classify(rules => rules.OnResult(static r => r < 0, Verdict.Transient)).AddFallback(action).Build();
            foreach (var result in new[] { 1, -1 })
            {
                Assert.Equal(0, Execution.Allocations.Of(() =>
                    pipeline.ExecuteAsync(static (r, _) => new ValueTask<int>(r), result).GetAwaiter().GetResult()));
            }
        }
    }

    [Fact]
    public void WhenAnOptionOrArgumentIsMissing_ItIsNamed()
    {
        var builder = new PipelineBuilder<int>();
        var action = Fallback.Value(1);
        Assert.Equal("Name", Assert.Throws<ArgumentException>(() => builder.AddFallback(new FallbackOptions<int> { Action = action, Name = "" })).ParamName);
        Assert.Equal("Action", Assert.Throws<ArgumentNullException>(() => builder.AddFallback((FallbackAction<int>)null!)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => builder.AddFallback((FallbackOptions<int>)null!)).ParamName);
        Assert.Equal("builder", Assert.Throws<ArgumentNullException>(() => ((PipelineBuilder<int>)null!).AddFallback(action)).ParamName);
        Assert.Equal(
            "classifier",
            Assert.Throws<ArgumentNullException>(() => builder.AddFallback(new FallbackOptions<int> { Action = action }, null!)).ParamName);
        Assert.Equal("factory", Assert.Throws<ArgumentNullException>(() => Fallback.From<int>(null!)).ParamName);
        Assert.Equal("factory", Assert.Throws<ArgumentNullException>(() => Fallback.FromAsync<int>(null!)).ParamName);
        Assert.Equal("pipeline", Assert.Throws<ArgumentNullException>(() => Fallback.Call((Pipeline<int>)null!, static (_, _) => new ValueTask<int>(1), 0)).ParamName);
        Assert.Equal("callback", Assert.Throws<ArgumentNullException>(() => Fallback.Call<int, int>(Pipeline.Empty, null!, 0)).ParamName);
    }

    private static PipelineBuilder<Response> Bad() => new PipelineBuilder<Response>().Classify(rules => rules.OnResult(_ => true, Verdict.Permanent));

    private static Pipeline<int> Of(FallbackAction<int> action) => new PipelineBuilder<int>().AddFallback(action).Build();

    private sealed class Response : IDisposable
    {
        public int Disposed { get; private set; }

        public void Dispose() => Disposed++;
    }
}
