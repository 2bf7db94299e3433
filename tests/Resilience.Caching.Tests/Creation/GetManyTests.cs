namespace Resilience.Caching.Tests;

public sealed class GetManyTests
{
    private readonly ResilientCache<int, string> _cache = new();
    private readonly List<int[]> _calls = [];

    [Fact]
    public async Task WhenSomeAreMissing_OneCallCreatesThem_AndAllAreStored()
    {
        _cache.Set(1, "one");
        var values = await Ask([1, 2, 3, 2]);
        Assert.Equal("1:one 2:new 3:new", Text(values));
        Assert.Equal([2, 3], Assert.Single(_calls));
        await Ask([1, 2, 3]);
        Assert.Single(_calls);
    }

    [Fact]
    public async Task WhenTheFactoryLeavesSomeOut_TheyHaveNoValue_AndOneWhoJoinedCreatesHisOwn()
    {
        var gate = new TaskCompletionSource();
        var many = _cache.GetManyAsync([1, -2], gate, async (keys, gate, _) =>
        {
            await gate.Task;
            return (IReadOnlyDictionary<int, string>)keys.Where(key => key > 0).ToDictionary(key => key, _ => "new");
        }).AsTask();
        var joined = _cache.GetOrCreateAsync(-2, static _ => new ValueTask<string>("own")).AsTask();
        Assert.False(joined.IsCompleted);
        gate.SetResult();
        Assert.Equal("1:new", Text(await many));
        Assert.Equal("own", await joined);
    }

    [Fact]
    public async Task WhenAKeyIsOnItsWay_ItIsJoined_AfterTheOwnCallHasStarted()
    {
        var answer = new TaskCompletionSource<string>();
        var single = _cache.GetOrCreateAsync(1, async _ => await answer.Task).AsTask();
        var many = Ask([1, 2]);
        Assert.Equal([2], Assert.Single(_calls));
        Assert.False(many.IsCompleted);
        answer.SetResult("single");
        Assert.Equal("1:single 2:new", Text(await many));
        Assert.Equal("single", await single);
    }

    [Fact]
    public async Task WhenAnotherCallLeavesAJoinedKeyOut_TheOwnFactoryCreatesIt()
    {
        var gate = new TaskCompletionSource();
        var other = _cache.GetManyAsync([1, 2], gate, static async (_, gate, _) =>
        {
            await gate.Task;
            return (IReadOnlyDictionary<int, string>)new Dictionary<int, string> { [1] = "other" };
        }).AsTask();
        var mine = Ask([1, 2]);
        Assert.Empty(_calls);
        gate.SetResult();
        Assert.Equal("1:other", Text(await other));
        Assert.Equal("1:other 2:new", Text(await mine));
        Assert.Equal([2], Assert.Single(_calls));
    }

    [Fact]
    public async Task WhenFailuresAreRemembered_TheFactoryForManyIsNotCalledEither()
    {
        using var cache = new ResilientCache<int, string>(new() { Creation = new CacheCreation { FailureTimeToLive = TimeSpan.FromHours(1) } });
        await Assert.ThrowsAsync<IOException>(async () => await cache.GetOrCreateAsync(1, static _ => throw new IOException()));
        var calls = 0;
        await Assert.ThrowsAsync<IOException>(async () => await cache.GetManyAsync([2, 1], 0, (_, _, _) =>
        {
            calls++;
            return new ValueTask<IReadOnlyDictionary<int, string>>(new Dictionary<int, string>());
        }));
        Assert.Equal(0, calls);
        Assert.Equal("own", await cache.GetOrCreateAsync(2, static _ => new ValueTask<string>("own")));
    }

    [Fact]
    public async Task WhenTheOnlyCallerLeaves_TheCallIsCancelled_ButNotWhileOneKeyIsWaitedFor()
    {
        using var caller = new CancellationTokenSource();
        var seen = default(CancellationToken);
        var answer = new TaskCompletionSource<IReadOnlyDictionary<int, string>>();
        var many = _cache.GetManyAsync([1, 2], 0, async (_, _, token) =>
        {
            seen = token;
            return await answer.Task.WaitAsync(token);
        }, null, caller.Token).AsTask();
        using var other = new CancellationTokenSource();
        var joined = _cache.GetOrCreateAsync(2, static _ => new ValueTask<string>("own"), null, other.Token).AsTask();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => many);
        Assert.False(seen.IsCancellationRequested);
        await other.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joined);
        Assert.True(seen.IsCancellationRequested);
    }

    [Fact]
    public async Task WhenTheCallFails_SoDoesThis_AndNothingIsStored()
    {
        await Assert.ThrowsAsync<IOException>(() => _cache.GetManyAsync(
            [1, 2], 0, static (_, _, _) => ValueTask.FromException<IReadOnlyDictionary<int, string>>(new IOException())).AsTask());
        Assert.Empty(_cache);
        Assert.Equal("1:new", Text(await Ask([1])));
    }

    [Fact]
    public async Task WhenAKeyIsNull_TheOthersAreNotLeftHanging()
    {
        using var cache = new ResilientCache<string, int>();
        await Assert.ThrowsAsync<ArgumentNullException>(() => cache.GetManyAsync(
            ["a", null!], 0, static (_, _, _) => new ValueTask<IReadOnlyDictionary<string, int>>(new Dictionary<string, int>())).AsTask());
        Assert.Equal(1, await cache.GetOrCreateAsync("a", static _ => new ValueTask<int>(1)));
    }

    private static string Text(IReadOnlyDictionary<int, string> values) =>
        string.Join(' ', values.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}:{pair.Value}"));

    private Task<IReadOnlyDictionary<int, string>> Ask(int[] keys) => _cache.GetManyAsync(keys, this, static (keys, test, _) =>
    {
        test._calls.Add([.. keys]);
        return new ValueTask<IReadOnlyDictionary<int, string>>(keys.ToDictionary(key => key, _ => "new"));
    }).AsTask();
}
