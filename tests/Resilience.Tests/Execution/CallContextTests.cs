using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>The context of a call: made if asked for, pooled, or brought; one call at a time. Alone, because the pool is everybody's.</summary>
[Collection(Allocations.Alone)]
public sealed class CallContextTests
{
    private static readonly PropertyKey<string> s_key = new("key");
    private readonly ManualClock _clock = new();
    private readonly Pipeline _pipeline = Pipelines.Of(new Probe());

    [Fact]
    public async Task WhenBrought_ItCarriesNameAndPropertiesBothWays_AndTheAttempts()
    {
        using var context = CallContext.Rent("orders/get");
        context.Set(s_key, "in");
        var attempts = new List<int>();
        var names = new List<string?>();
        var pipeline = Pipelines.Of(new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                names.Add(frame.OperationName);
                return frame.Attempt < 2 ? Exit.Again : Exit.Continue;
            },
        });
        await pipeline.ExecuteAsync(
            (CallContext c) =>
            {
                Assert.Same(context, c);
                attempts.Add(c.Attempt);
                Assert.True(c.TryGet(s_key, out var value));
                c.Set(s_key, value + "+");
                return default(ValueTask);
            },
            context);
        Assert.True(context.TryGet(s_key, out var after));
        Assert.Equal(("in+++", 2), (after, context.Attempt));
        Assert.Equal([0, 1, 2], attempts);
        Assert.Equal(["orders/get", "orders/get", "orders/get"], names);
        Assert.False(context.TryGet(new PropertyKey<int>("key"), out _));
        Assert.False(context.TryGet(new PropertyKey<string>("other"), out _));
    }

    [Fact]
    public void WhenTheOperationIsNamedDuringTheCall_StrategiesSeeThatName()
    {
        var seen = default(string);
        var pipeline = Pipelines.Of(new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                seen = frame.OperationName;
                return Exit.Continue;
            },
        });
        using var context = CallContext.Rent("before");
        pipeline.Execute(static (CallContext c) => c.OperationName = "during", context);
        Assert.Equal(("during", "during"), (seen, context.OperationName));
    }

    [Fact]
    public void WhenThePipelineUsesTheFineClock_WhatRemainsIsMeasuredOnIt()
    {
        var timeout = TimeSpan.FromMilliseconds(99);
        var pipeline = new PipelineBuilder().AddTimeout(timeout).Build();
        Assert.True(pipeline.Core.UsesFineClock);
        pipeline.Execute(c => Assert.InRange(c.Remaining, TimeSpan.Zero, timeout + TimeSpan.FromMilliseconds(1)), null);
    }

    [Fact]
    public async Task WhenTheTimeLimitIsTakenBackDuringTheCall_TheCallEndsByItAllTheSame_AndTheErrorTellsNoTime()
    {
        using var context = CallContext.Rent(timeout: TimeSpan.FromSeconds(3));
        var call = Pipelines.Of(_clock, new Probe()).ExecuteAsync(
            async c =>
            {
                c.Timeout = null;
                await Task.Delay(Timeout.InfiniteTimeSpan, c.CancellationToken);
            },
            context).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(3));
        var failure = await Assert.ThrowsAsync<TimeoutRejectedException>(() => call);
        Assert.Equal(("caller", TimeSpan.Zero), (failure.DeadlineOwner, failure.Timeout));
    }

    [Fact]
    public void WhenAnAttemptIsRefused_ItIsNotCounted()
    {
        var refusals = 0;
        var seen = new List<int>();
        var retry = new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                seen.Add(frame.Attempt);
                return frame.IsRejected || frame.Attempt < 1 ? Exit.Again : Exit.Continue;
            },
        };
        var refusing = new Probe { Enters = (ref CallFrame frame, ref Slot _) => refusals++ < 2 ? frame.Refuse(retry, RejectionReason.Refused) : Entry.Go };
        Assert.Equal(1, Pipelines.Of(retry, refusing).Execute(static (CallContext c) => c.Attempt, null));
        Assert.Equal([0, 0, 0, 1], seen);
    }

    [Fact]
    public void WhenAnAttemptFailsWhileWaitingToEnter_ItIsNotCounted()
    {
        var waits = 0;
        var retry = new Probe { Leaves = (ref CallFrame frame, ref Slot _) => frame.IsFaulted ? Exit.Again : Exit.Continue };
        var waiting = new Probe
        {
            Enters = (ref CallFrame frame, ref Slot _) =>
            {
                frame.WaitFor(waits++ == 0 ? new ValueTask(Task.FromException(new ScriptedException("wait"))) : default);
                return Entry.Wait;
            },
        };
        Assert.Equal(0, Pipelines.Of(retry, waiting).Execute(static (CallContext c) => c.Attempt, null));
    }

    [Fact]
    public void WhenAStrategyAsks_ItSeesWhereTheCallStands()
    {
        var seen = new List<(int, TimeSpan, bool)>();
        var pipeline = new PipelineBuilder { TimeProvider = _clock }.AddTimeout(TimeSpan.FromSeconds(9)).Add(new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                seen.Add((frame.Context.Attempt, frame.Context.Remaining, frame.Context.CancellationToken.IsCancellationRequested));
                return frame.Attempt < 2 ? Exit.Again : Exit.Continue;
            },
        }).Build();
        pipeline.Execute((CancellationToken _) => _clock.Advance(TimeSpan.FromSeconds(2)), CancellationToken.None);
        Assert.Equal([(0, TimeSpan.FromSeconds(7), false), (1, TimeSpan.FromSeconds(5), false), (2, TimeSpan.FromSeconds(3), false)], seen);
    }

    [Fact]
    public async Task WhenItHasATimeLimit_TheCallEndsByIt_InTheCallersName()
    {
        using var context = CallContext.Rent(timeout: TimeSpan.FromSeconds(3));
        var pipeline = Pipelines.Of(_clock, new Probe());
        var call = pipeline.ExecuteAsync(
            async c =>
            {
                Assert.Equal(TimeSpan.FromSeconds(3), c.Remaining);
                await Task.Delay(Timeout.InfiniteTimeSpan, c.CancellationToken);
            },
            context).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(3));
        var failure = await Assert.ThrowsAsync<TimeoutRejectedException>(() => call);
        Assert.Equal(("caller", TimeSpan.FromSeconds(3)), (failure.DeadlineOwner, failure.Timeout));
        Assert.Equal(TimeSpan.Zero, context.Remaining);
    }

    [Fact]
    public void WhenTheTimeLimitIsLongerThanTime_ItDoesNotFire()
    {
        using var context = CallContext.Rent(timeout: TimeSpan.MaxValue);
        Assert.Equal(1, _pipeline.Execute(
            static c =>
            {
                Assert.Equal(Timeout.InfiniteTimeSpan, c.Remaining);
                Assert.False(c.CancellationToken.IsCancellationRequested);
                return 1;
            },
            context));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void WhenTheTimeLimitIsNotAboveZero_Throws(long ticks)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CallContext.Rent(timeout: new TimeSpan(ticks)));
        using var context = CallContext.Rent();
        Assert.Contains(
            new TimeSpan(ticks).ToString(),
            Assert.Throws<ArgumentOutOfRangeException>(() => context.Timeout = new TimeSpan(ticks)).Message,
            StringComparison.Ordinal);
        context.Timeout = null;
    }

    [Fact]
    public void WhenTwoCallsUseItAtOnce_TheSecondFailsClearly_AndTheFirstIsUntouched()
    {
        using var context = CallContext.Rent();
        Assert.Equal(1, _pipeline.Execute(
            c =>
            {
                var error = Assert.Throws<InvalidOperationException>(() => _pipeline.Execute(static _ => 2, c));
                Assert.Contains("in use by another call", error.Message, StringComparison.Ordinal);
                return 1;
            },
            context));
        Assert.Equal(3, _pipeline.Execute(static _ => 3, context));
    }

    [Fact]
    public void WhenDisposedWhileInUse_Throws_AndTheCallGoesOn()
    {
        using var context = CallContext.Rent();
        Assert.Equal(1, _pipeline.Execute(
            static c =>
            {
                Assert.Throws<InvalidOperationException>(c.Dispose);
                return 1;
            },
            context));
        Assert.Equal(1, _pipeline.Execute(
            static c =>
            {
                Assert.Throws<InvalidOperationException>(c.Dispose);
                return 1;
            },
            null));
    }

    [Fact]
    public void WhenDisposedTwice_TwoCallersDoNotShareOne()
    {
        var context = CallContext.Rent();
        context.Dispose();
        context.Dispose();
        using var first = CallContext.Rent();
        using var second = CallContext.Rent();
        Assert.NotSame(first, second);
    }

    [Fact]
    public void WhenUsedAfterDisposal_Throws()
    {
        var context = CallContext.Rent();
        context.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _pipeline.Execute(static _ => 1, context));
    }

    [Fact]
    public void WhenReturned_TheNextRenterFindsItEmpty()
    {
        var context = CallContext.Rent("name", TimeSpan.FromSeconds(1));
        context.Set(s_key, "value");
        context.Dispose();
        using var next = CallContext.Rent();
        Assert.Null(next.OperationName);
        Assert.Null(next.Timeout);
        Assert.False(next.TryGet(s_key, out _));
    }

    [Fact]
    public void WhenGivenToOneCall_ThatCallReturnsIt()
    {
        var context = CallContext.RentForCall("once");
        Assert.Equal("once", _pipeline.Execute(static c => c.OperationName, context));
        Assert.Throws<ObjectDisposedException>(() => _pipeline.Execute(static _ => 1, context));
        context.Dispose();
        using var first = CallContext.Rent();
        using var second = CallContext.Rent();
        Assert.NotSame(first, second);
    }

    [Fact]
    public void WhenTheCallbackForbidsAnother_NoStrategyGetsOne()
    {
        var retry = new Probe { Leaves = static (ref CallFrame _, ref Slot _) => Exit.Again };
        var starts = 0;
        var outcome = Pipelines.Of(retry).ExecuteOutcome<int>(
            c =>
            {
                starts++;
                c.ForbidAgain();
                throw new ScriptedException("sent");
            },
            null);
        Assert.Equal(("sent", 1, Again.No, Health.Bad), (outcome.Exception?.Message, starts, retry.LastVerdict.Again, retry.LastVerdict.Health));
    }
}
