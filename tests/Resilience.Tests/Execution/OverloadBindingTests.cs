namespace Resilience.Tests.Execution;

/// <summary>Every shape of callback binds without a cast. That this compiles is most of the proof.</summary>
public sealed class OverloadBindingTests
{
    private readonly Pipeline _any = Pipeline.Empty;
    private readonly Pipeline<int> _int = new PipelineBuilder<int>().Build();

    [Fact]
    public async Task WhenLambdasAreAsynchronous_TheyBindToValueTasks()
    {
        Assert.Equal(1, await _any.ExecuteAsync(async token => await One(token)));
        Assert.Equal(1, await _any.ExecuteAsync(async token => await One(token), CancellationToken.None));
        Assert.Equal(1, await _any.ExecuteAsync(async (state, token) => await One(token) + state, 0));
        Assert.Equal(1, await _any.ExecuteAsync(async (CallContext context) => await One(context.CancellationToken), null));
        Assert.Equal(1, await _any.ExecuteAsync(async (int state, CallContext context) => await One(context.CancellationToken) + state, 0, null));
        await _any.ExecuteAsync(async token => { await One(token); });
        await _any.ExecuteAsync(async (state, token) => { await One(token); GC.KeepAlive(state); }, "state");
        await _any.ExecuteAsync(async (CallContext context) => { await One(context.CancellationToken); }, null);
        await _any.ExecuteAsync(async (string state, CallContext context) => { await One(context.CancellationToken); GC.KeepAlive(state); }, "s", null);
        Assert.Equal(1, await _int.ExecuteAsync(async token => await One(token)));
        Assert.Equal(1, await _int.ExecuteAsync(async (state, token) => await One(token) + state, 0));
        Assert.Equal(1, await _int.ExecuteAsync(async context => await One(context.CancellationToken), null));
        Assert.Equal(1, await _int.ExecuteAsync(async (state, context) => await One(context.CancellationToken) + state, 0, null));
    }

    [Fact]
    public async Task WhenMethodsReturnTasksOrValueTasks_BothBind()
    {
        Assert.Equal(1, await _any.ExecuteAsync(One));
        Assert.Equal(1, await _any.ExecuteAsync(OneTask));
        Assert.Equal(1, await _int.ExecuteAsync(One));
        Assert.Equal(1, await _int.ExecuteAsync(OneTask));
        Assert.Equal(1, await _int.ExecuteAsync(Add, 0));
        Assert.Equal(1, await _int.ExecuteAsync(AddTask, 0));
        await _any.ExecuteAsync(Nothing);
        await _any.ExecuteAsync(NothingTask);
        Assert.Equal(1, await _any.ExecuteAsync(token => One(token)));
        Assert.Equal(1, await _any.ExecuteAsync(token => OneTask(token)));
        Assert.Equal(1, await _any.ExecuteAsync((state, token) => AddTask(state, token), 0));
        await _any.ExecuteAsync(token => NothingTask(token));
        await _any.ExecuteAsync((state, token) => { GC.KeepAlive(state); return NothingTask(token); }, "state");
    }

    [Fact]
    public async Task WhenLambdasOnlyThrow_TheyBindAndTheirExceptionArrives()
    {
        await Assert.ThrowsAsync<ScriptedException>(() => _any.ExecuteAsync(_ => throw new ScriptedException("void")).AsTask());
        await Assert.ThrowsAsync<ScriptedException>(() => _any.ExecuteAsync<int>(_ => throw new ScriptedException("result")).AsTask());
        await Assert.ThrowsAsync<ScriptedException>(() => _int.ExecuteAsync(_ => throw new ScriptedException("typed")).AsTask());
        await Assert.ThrowsAsync<ScriptedException>(
            () => _int.ExecuteAsync(async _ => { await Task.Yield(); throw new ScriptedException("late"); }).AsTask());
        Assert.Throws<ScriptedException>(() => _any.Execute(_ => throw new ScriptedException("action"), CancellationToken.None));
        Assert.Throws<ScriptedException>(() => _int.Execute(_ => throw new ScriptedException("typed"), CancellationToken.None));
    }

    [Fact]
    public async Task WhenOutcomesAreWanted_LambdasThatReturnThemAndLambdasThatDoNotBind()
    {
        Assert.Equal(1, (await _any.ExecuteOutcomeAsync(One)).GetResult());
        Assert.Equal(1, (await _any.ExecuteOutcomeAsync(async token => await One(token))).GetResult());
        Assert.Equal(1, (await _any.ExecuteOutcomeAsync(async token => Outcome.FromResult(await One(token)))).GetResult());
        Assert.Equal(1, (await _any.ExecuteOutcomeAsync(async (state, token) => Outcome.FromResult(await One(token) + state), 0)).GetResult());
        Assert.Equal(1, (await _int.ExecuteOutcomeAsync(async token => await One(token))).GetResult());
        Assert.Equal(1, (await _int.ExecuteOutcomeAsync(async token => Outcome.FromResult(await One(token)))).GetResult());
        Assert.Equal(1, (await _int.ExecuteOutcomeAsync(async (state, token) => Outcome.FromResult(await One(token) + state), 0)).GetResult());
        Assert.Equal(1, _any.ExecuteOutcome(_ => 1, CancellationToken.None).GetResult());
        Assert.Equal(1, _any.ExecuteOutcome(_ => Outcome.FromResult(1), CancellationToken.None).GetResult());
        Assert.Equal(1, _int.ExecuteOutcome(_ => 1, CancellationToken.None).GetResult());
        Assert.Equal(1, _int.ExecuteOutcome(_ => Outcome.FromResult(1), CancellationToken.None).GetResult());
    }

    [Fact]
    public void WhenSynchronous_FunctionsAndActionsBind()
    {
        var runs = 0;
        Assert.Equal(1, _any.Execute(_ => 1, CancellationToken.None));
        Assert.Equal(1, _any.Execute((state, _) => state, 1));
        Assert.Equal(1, _any.Execute((CallContext _) => 1, null));
        Assert.Equal(1, _any.Execute((int state, CallContext _) => state, 1, null));
        _any.Execute(_ => { runs++; }, CancellationToken.None);
        _any.Execute((state, _) => { runs += state; }, 1);
        _any.Execute((CallContext _) => { runs++; }, null);
        _any.Execute((int state, CallContext _) => { runs += state; }, 1, null);
        Assert.Equal(1, _int.Execute(_ => 1, CancellationToken.None));
        Assert.Equal(1, _int.Execute((state, _) => state, 1));
        Assert.Equal(1, _int.Execute(_ => 1, default(CallContext)));
        Assert.Equal(1, _int.Execute((state, context) => state + context.Attempt, 1, null));
        Assert.Equal(4, runs);
    }

    [Fact]
    public void WhenTheCallbackIsNull_EveryFormThrowsAtOnce()
    {
        Assert.Throws<ArgumentNullException>(() => { _ = _any.ExecuteAsync((Func<CancellationToken, ValueTask<int>>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = _any.ExecuteAsync((Func<CancellationToken, Task<int>>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = _any.ExecuteAsync((Func<CancellationToken, ValueTask>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = _any.ExecuteAsync((Func<CancellationToken, Task>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = _any.ExecuteOutcomeAsync((Func<CancellationToken, ValueTask<int>>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _any.Execute((Func<CancellationToken, int>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _any.Execute((Action<CancellationToken>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = _int.ExecuteAsync((Func<CancellationToken, ValueTask<int>>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = _int.ExecuteAsync((Func<CancellationToken, Task<int>>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = _int.ExecuteOutcomeAsync((Func<CancellationToken, ValueTask<Outcome<int>>>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _int.Execute((Func<CancellationToken, int>)null!); });
    }

    [Fact]
    public async Task WhenATaskCallbackReturnsNull_TheCallFails() =>
        await Assert.ThrowsAnyAsync<Exception>(() => _any.ExecuteAsync(_ => (Task<int>)null!).AsTask());

    private static ValueTask<int> One(CancellationToken cancellationToken) => new(1);

    private static Task<int> OneTask(CancellationToken cancellationToken) => Task.FromResult(1);

    private static ValueTask<int> Add(int state, CancellationToken cancellationToken) => new(state + 1);

    private static Task<int> AddTask(int state, CancellationToken cancellationToken) => Task.FromResult(state + 1);

    private static ValueTask Nothing(CancellationToken cancellationToken) => default;

    private static Task NothingTask(CancellationToken cancellationToken) => Task.CompletedTask;
}
