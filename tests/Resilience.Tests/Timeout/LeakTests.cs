using System.Reflection;
using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>What many calls that time out or are cancelled leave behind: nothing.</summary>
public sealed class LeakTests : FreshStack
{
    private const int Calls = 100_000;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenManyCallsTimeOut_NoTimerIsLeft_NoRegistration_AndThePlacesAreBounded()
    {
        using var caller = new CancellationTokenSource();
        var pipeline = Timed();
        using (caller.Token.Register(static () => { }))
        {
            Assert.Equal(1, Registrations(caller));
        }

        var calls = new ValueTask<Outcome<int>>[500];
        for (var i = 0; i < Calls; i += calls.Length)
        {
            for (var j = 0; j < calls.Length; j++)
            {
                calls[j] = pipeline.ExecuteOutcomeAsync(new Callee().Start, caller.Token);
            }

            _clock.Advance(s_second);
            foreach (var call in calls)
            {
                Assert.True(call.IsCompleted);
                Assert.IsType<TimeoutRejectedException>((await call).Exception);
            }
        }

        AssertNothingIsLeft(most: 512);
        Assert.Equal(0, Registrations(caller));
    }

    [Fact]
    public async Task WhenManyCallsTimeOutOnTheSystemsClock_NoTimerIsLeft()
    {
        var pipeline = new PipelineBuilder<int>().AddTimeout(TimeSpan.FromMilliseconds(1)).Build();
        var before = Timer.ActiveCount;
        var calls = new ValueTask<Outcome<int>>[1_000];
        for (var i = 0; i < Calls; i += calls.Length)
        {
            for (var j = 0; j < calls.Length; j++)
            {
                calls[j] = pipeline.ExecuteOutcomeAsync(new Callee().Start, Stop);
            }

            foreach (var call in calls)
            {
                Assert.IsType<TimeoutRejectedException>((await call).Exception);
            }
        }

        // Other tests run beside this one and have timers of their own; a timer left behind by each call would be a hundred thousand.
        Assert.InRange(Timer.ActiveCount - before, int.MinValue, 100);
    }

    [Fact]
    public async Task WhenManyCallsAreCancelled_NoTimerIsLeft_NoRegistration_AndThePlacesAreBounded()
    {
        var pipeline = Timed();
        for (var i = 0; i < Calls; i++)
        {
            using var caller = new CancellationTokenSource();
            var call = pipeline.ExecuteOutcomeAsync(new Callee().Start, caller.Token);
            caller.Cancel();
            Assert.True(call.IsCompleted);
            Assert.IsType<OperationCanceledException>((await call).Exception);
        }

        _clock.Advance(s_second);
        AssertNothingIsLeft(most: 64);
    }

    [Fact]
    public async Task WhenManyCallsEndWell_TheCallersTokenKeepsNoRegistration()
    {
        using var caller = new CancellationTokenSource();
        var pipeline = Timed();
        for (var i = 0; i < Calls; i++)
        {
            await pipeline.ExecuteAsync(static _ => new ValueTask<int>(1), caller.Token);
        }

        _clock.Advance(s_second);
        AssertNothingIsLeft(most: 64);
        Assert.Equal(0, Registrations(caller));
    }

    [Fact]
    public async Task WhenMoreCallsWereInFlightThanThePoolKeeps_TheRestGiveTheirPlacesBack()
    {
        var pipeline = Timed();
        var callees = Enumerable.Range(0, 2_000).Select(_ => new Callee()).ToList();
        var calls = callees.Select(callee => pipeline.ExecuteAsync(callee.Start, Stop)).ToList();
        callees.ForEach(callee => callee.Return(1));
        foreach (var call in calls)
        {
            await call;
        }

        // Beside the pool each thread that ended a call keeps one; there are fewer of them than calls by far.
        Assert.InRange(Clock.For(_clock).Sweeper.Taken, 1, 2 * PoolLimits.Retained);
    }

    [Fact]
    public async Task WhenMoreDelaysWereInFlightThanThePoolKeeps_TheRestGiveTheirPlacesBack()
    {
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }
            .AddRetry(new RetryOptions { MaxRetries = 1, Backoff = Backoff.Constant(s_second) }).Build();
        var calls = Enumerable.Range(0, 2_000).Select(_ => pipeline.ExecuteOutcomeAsync(static _ => throw new IOException(), Stop)).ToList();
        _clock.Advance(s_second);
        foreach (var call in calls)
        {
            await call;
        }

        Assert.InRange(Clock.For(_clock).Sweeper.Taken, 1, PoolLimits.Retained);
    }

    [Fact]
    public void WhenThousandsOfThreadsComeAndGo_ThePlacesAreBounded()
    {
        var pipeline = Timed();
        var sweeper = Clock.For(_clock).Sweeper;
        for (var i = 0; i < 40; i++)
        {
            var threads = Enumerable.Range(0, 100).Select(_ => new Thread(() => pipeline.Execute(static _ => 1, Stop), 128 * 1024)).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // Generous: what counts is that it does not grow with the 4,000 threads.
        Assert.InRange(sweeper.Places, 64, 1_024);
    }

    // The base library shows no count of a source's callbacks.
    private static int Registrations(CancellationTokenSource source)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var registrations = typeof(CancellationTokenSource).GetField("_registrations", Any)!.GetValue(source);
        var count = 0;
        for (var node = registrations?.GetType().GetField("Callbacks", Any)!.GetValue(registrations); node is not null; count++)
        {
            node = node.GetType().GetField("Next", Any)!.GetValue(node);
        }

        return count;
    }

    private Pipeline<int> Timed() => new PipelineBuilder<int> { TimeProvider = _clock }.AddTimeout(s_second).Build();

    private void AssertNothingIsLeft(int most)
    {
        var sweeper = Clock.For(_clock).Sweeper;
        Assert.Equal((0, 0), (_clock.ActiveTimers, sweeper.Armed));
        Assert.InRange(sweeper.Places, 0, most);
    }
}
