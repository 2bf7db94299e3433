namespace Resilience.Tests.Execution;

/// <summary>Results that nobody gets are disposed, once; the one that is returned is not.</summary>
public sealed class DisposalTests
{
    private readonly List<Tracked> _results = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenAnAttemptIsDiscarded_ItsResultIsDisposedOnce(bool later)
    {
        var retry = new Probe { Leaves = (ref CallFrame frame, ref Slot _) => frame.Attempt < 2 ? Exit.Again : Exit.Continue };
        var last = await Pipelines.Of(retry).ExecuteAsync(async (CancellationToken _) =>
        {
            if (later)
            {
                await Task.Yield();
            }

            return New();
        });
        Assert.Same(_results[2], last);
        Assert.Equal([1, 1, 0], _results.Select(r => r.Disposals));
    }

    [Fact]
    public void WhenTheClassifierThrowsAndSoDoesTheResultsDisposal_TheClassifiersExceptionIsTheCalls()
    {
        var probe = new Probe();
        var disposed = 0;
        var pipeline = Pipelines.For(new Counting<Stubborn>(_ => throw new FormatException()), probe);
        var outcome = pipeline.ExecuteOutcome((CancellationToken _) => new Stubborn(() => disposed++));
        Assert.IsType<FormatException>(outcome.Exception);
        Assert.Equal((1, 1), (disposed, probe.Left));
    }

    [Fact]
    public void WhenAResultIsReplacedByAnother_TheFirstIsDisposed_AndNotIfItIsTheSame()
    {
        var replacement = new Tracked("replacement");
        var replacing = new Probe<Tracked>
        {
            Leaves = (ref CallFrame _, ref Slot _, ref Outcome<Tracked> outcome) =>
            {
                outcome = Outcome.FromResult(replacement);
                return Exit.Replace;
            },
        };
        Assert.Same(replacement, Pipelines.For<Tracked>(replacing, replacing).Execute((CancellationToken _) => New()));
        Assert.Equal((1, 0), (_results[0].Disposals, replacement.Disposals));
    }

    [Fact]
    public void WhenAResultIsReplacedByAFailure_ItIsDisposed()
    {
        var failing = new Probe
        {
            Leaves = static (ref CallFrame frame, ref Slot _) =>
            {
                frame.Fail(new ScriptedException("replaced"));
                return Exit.Replace;
            },
        };
        Assert.Equal("replaced", Pipelines.Of(failing).ExecuteOutcome((CancellationToken _) => New()).Exception?.Message);
        Assert.Equal(1, _results[0].Disposals);
    }

    [Fact]
    public void WhenAHookThrows_TheResultIsDisposed()
    {
        var throwing = new Probe { Leaves = static (ref CallFrame _, ref Slot _) => throw new ScriptedException("hook") };
        Assert.Equal("hook", Pipelines.Of(throwing).ExecuteOutcome((CancellationToken _) => New()).Exception?.Message);
        Assert.Equal(1, _results[0].Disposals);
    }

    [Fact]
    public void WhenTheClassifierThrows_TheResultIsDisposed()
    {
        var broken = new Counting<Tracked>(_ => throw new ScriptedException("classifier"));
        Assert.Equal("classifier", Pipelines.For(broken).ExecuteOutcome((CancellationToken _) => New()).Exception?.Message);
        Assert.Equal(1, _results[0].Disposals);
    }

    [Fact]
    public async Task WhenAWaitOnTheWayOutFails_TheResultIsDisposed()
    {
        var waiting = new Probe
        {
            Leaves = static (ref CallFrame frame, ref Slot _) =>
            {
                frame.WaitFor(new ValueTask(Task.FromException(new ScriptedException("wait"))));
                return Exit.Wait;
            },
        };
        var outcome = await Pipelines.Of(waiting).ExecuteOutcomeAsync((CancellationToken _) => new ValueTask<Tracked>(New()));
        Assert.Equal("wait", outcome.Exception?.Message);
        Assert.Equal(1, _results[0].Disposals);
    }

    [Fact]
    public void WhenDisposingADiscardedResultThrows_TheCallFailsWithThat_AndTheStrategyIsTold()
    {
        var told = new List<string?>();
        var retry = new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                told.Add(frame.Exception?.Message);
                return told.Count == 1 ? Exit.Again : Exit.Continue;
            },
        };
        var outcome = Pipelines.Of(retry).ExecuteOutcome(static (CancellationToken _) => new Undisposable());
        Assert.Equal("dispose", outcome.Exception?.Message);
        Assert.Equal([null, "dispose"], told);
        Assert.Equal(Verdict.Ignored, retry.LastVerdict);
    }

    [Fact]
    public void WhenDisposingAReplacedResultThrows_TheCallFailsWithThat_AndTheNewResultIsDisposed()
    {
        var replacement = new Undisposable { IsGood = true };
        var replacing = new Probe<Undisposable>
        {
            Leaves = (ref CallFrame _, ref Slot _, ref Outcome<Undisposable> outcome) =>
            {
                outcome = Outcome.FromResult(replacement);
                return Exit.Replace;
            },
        };
        var outcome = Pipelines.For<Undisposable>(replacing).ExecuteOutcome(static (CancellationToken _) => new Undisposable());
        Assert.Equal("dispose", outcome.Exception?.Message);
        Assert.True(replacement.IsDisposed);
    }

    private Tracked New()
    {
        _results.Add(new Tracked($"{_results.Count}"));
        return _results[^1];
    }

    private sealed class Undisposable : IDisposable
    {
        internal bool IsGood { get; init; }

        internal bool IsDisposed { get; private set; }

        public void Dispose()
        {
            IsDisposed = true;
            if (!IsGood)
            {
                throw new ScriptedException("dispose");
            }
        }
    }

    private sealed class Stubborn(Action onDispose) : IDisposable
    {
        public void Dispose()
        {
            onDispose();
            throw new InvalidOperationException("Not disposed.");
        }
    }
}
