using System.Collections.Concurrent;
using Resilience.Testing;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>State-changed events: in order, outside the call, and harmless whatever the handler does.</summary>
public sealed class CircuitEventTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly CircuitBreakerOptions s_options = new()
    {
        Name = "payments",
        FailureRatio = 1,
        MinimumCalls = 1,
        Window = CircuitWindow.Calls(4),
    };

    private readonly ManualClock _clock = new();

    [Fact]
    public void WhenTheStateChanges_HandlersHearItInOrder()
    {
        var breaker = new CircuitBreaker(s_options, _clock);
        using var heard = new BlockingCollection<CircuitTransition>();
        using var subscription = breaker.Subscribe(heard.Add);
        breaker.TryAcquire(out var permit);
        permit.Failure();
        _clock.Advance(TimeSpan.FromSeconds(5));
        breaker.TryAcquire(out var probe);
        probe.Success();
        var events = Take(heard, 3);
        Assert.Equal([CircuitState.Open, CircuitState.HalfOpen, CircuitState.Closed], events.Select(e => e.To));
        Assert.Equal([1L, 2L, 3L], events.Select(e => e.Generation));
        Assert.Equal(("payments", TimeSpan.FromSeconds(5), 1L, 1L), (events[0].Breaker, events[0].BreakDuration, events[0].Calls, events[0].Failures));
    }

    [Fact]
    public void WhenAHandlerThrowsOrBlocks_OthersHearEverything_AndCallsGoOn()
    {
        var breaker = new CircuitBreaker(s_options, _clock);
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        using var heard = new BlockingCollection<CircuitTransition>();
        using var last = new ManualResetEventSlim();
        using var throwing = breaker.Subscribe(_ => throw new InvalidOperationException());
        using var blocked = breaker.Subscribe(transition =>
        {
            entered.Set();
            release.Wait(s_patience);
            if (transition.Generation == 200)
            {
                last.Set();
            }
        });
        using var healthy = breaker.Subscribe(heard.Add);
        breaker.Isolate();
        Assert.True(entered.Wait(s_patience));
        Take(heard, 1);
        for (var generation = 2; generation <= 200; generation++)
        {
            ((Action)(generation % 2 == 0 ? breaker.Reset : breaker.Isolate))();
            Assert.Equal(generation, Take(heard, 1)[0].Generation);
        }

        release.Set();
        Assert.True(last.Wait(s_patience));
        Assert.Equal(200 - 1 - 64, blocked.Dropped);
        Assert.Equal(0, healthy.Dropped);
        Assert.True(breaker.TryAcquire(out _));
    }

    [Fact]
    public void WhenAHandlerChangesTheState_NothingLocksUp()
    {
        var breaker = new CircuitBreaker(s_options, _clock);
        using var heard = new BlockingCollection<CircuitTransition>();
        using var subscription = breaker.Subscribe(transition =>
        {
            if (transition.To == CircuitState.Isolated)
            {
                breaker.Reset();
            }

            heard.Add(transition);
        });
        breaker.Isolate();
        Assert.Equal([CircuitState.Isolated, CircuitState.Closed], Take(heard, 2).Select(e => e.To));
    }

    [Fact]
    public void WhenHandlersRun_TheFlowIsTheSubscribers_NotTheCalls()
    {
        var local = new AsyncLocal<string>();
        var breaker = new CircuitBreaker(s_options, _clock);
        using var heard = new BlockingCollection<string?>();
        local.Value = "subscriber";
        using var subscription = breaker.Subscribe(_ => heard.Add(local.Value));
        local.Value = "call";
        breaker.Isolate();
        Assert.True(heard.TryTake(out var flow, s_patience));
        Assert.Equal("subscriber", flow);
    }

    [Fact]
    public void WhenTheSubscribersFlowIsSuppressed_TheHandlerIsCalledWithoutAny()
    {
        var local = new AsyncLocal<string> { Value = "subscriber" };
        var breaker = new CircuitBreaker(s_options, _clock);
        using var heard = new BlockingCollection<string?>();
        CircuitSubscription subscription;
        using (ExecutionContext.SuppressFlow())
        {
            subscription = breaker.Subscribe(_ => heard.Add(local.Value ?? "none"));
        }

        using var ended = subscription;
        breaker.Isolate();
        Assert.True(heard.TryTake(out var flow, s_patience));
        Assert.Equal("none", flow);
    }

    [Fact]
    public void WhenUnsubscribed_NothingMoreIsHeard()
    {
        var breaker = new CircuitBreaker(s_options, _clock);
        using var heard = new BlockingCollection<CircuitTransition>();
        using var other = new BlockingCollection<CircuitTransition>();
        var subscription = breaker.Subscribe(heard.Add);
        subscription.Dispose();
        subscription.Dispose();
        using var still = breaker.Subscribe(other.Add);
        breaker.Isolate();
        Take(other, 1);
        Assert.Empty(heard);
    }

    private static List<CircuitTransition> Take(BlockingCollection<CircuitTransition> heard, int count)
    {
        var taken = new List<CircuitTransition>();
        while (taken.Count < count)
        {
            Assert.True(heard.TryTake(out var transition, s_patience));
            taken.Add(transition);
        }

        return taken;
    }
}
