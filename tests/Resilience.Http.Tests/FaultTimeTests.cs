using System.Net;
using Resilience.Testing;

namespace Resilience.Http.Tests;

/// <summary>HttpClient on real sockets against a server that keeps it waiting.</summary>
public sealed class FaultTimeTests : FaultTestBase
{
    [Fact]
    public async Task WhenTheServerIsSilent_TheAttemptTimesOut_AndIsTriedAgain()
    {
        Server.Enqueue(Answer.Silence, Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()).AddTimeout(TimeSpan.FromSeconds(10)));
        var call = client.GetStringAsync(Server.Address, Stop);
        await Server.WaitForRequestsAsync(1, Stop);
        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("whole", await call);
        Assert.Equal(2, Attempts);
    }

    [Fact]
    public async Task WhenTheServerStaysSilent_TheDeadlineHolds_AndNothingStaysBehind()
    {
        Server.Otherwise = Answer.Silence;
        var probe = new BalanceProbe();
        using var client = Client(
            Builder().AddTimeout(TimeSpan.FromSeconds(25)).AddRetry(AtOnce()).Add(probe).AddTimeout(TimeSpan.FromSeconds(10)));
        var call = client.GetAsync(Server.Address, Stop);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await Server.WaitForRequestsAsync(attempt, Stop);
            Assert.False(call.IsCompleted);
            Clock.Advance(TimeSpan.FromSeconds(attempt < 3 ? 10 : 5));
        }

        var error = await Assert.ThrowsAsync<TimeoutRejectedException>(() => call);
        Assert.Equal((TimeSpan.FromSeconds(25), 3, 0), (error.Timeout, Attempts, probe.Held));
        Assert.Equal(0, Clock.ActiveTimers);
        await Server.WaitForNoConnectionAsync(Stop);
    }

    [Fact]
    public async Task WhenHeadersDrip_TheAttemptTimesOut_HoweverManyBytesCame()
    {
        Server.Enqueue(Answer.Status(200, "never whole").Dripped(), Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()).AddTimeout(TimeSpan.FromSeconds(2)));
        var call = client.GetStringAsync(Server.Address, Stop);
        for (var tenths = 0; tenths < 20; tenths++)
        {
            await Server.StepAsync(Stop);
            Assert.Equal(1, Attempts);
            Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal("whole", await call);
        Assert.Equal(2, Attempts);
    }

    // HttpClient.Timeout and CancelPendingRequests cancel the same token, which is the caller's to the handler.
    [Fact]
    public async Task WhenTheClientItselfCancels_ItIsTheCallersCancellation()
    {
        Server.Otherwise = Answer.Silence;
        var probe = new BalanceProbe();
        using var client = Client(Builder().AddRetry(AtOnce()).Add(probe));
        var call = client.GetAsync(Server.Address, Stop);
        await Server.WaitForRequestsAsync(1, Stop);
        client.CancelPendingRequests();
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Equal((1, 0, Health.None), (Attempts, probe.Held, probe.Last.Health));
        await Server.WaitForNoConnectionAsync(Stop);
    }

    private sealed class BalanceProbe() : Strategy("balance")
    {
        private int _held;

        public int Held => Volatile.Read(ref _held);

        public Verdict Last { get; private set; }

        protected override Entry TryEnter(ref CallFrame frame, ref Slot slot)
        {
            Interlocked.Increment(ref _held);
            return Entry.Go;
        }

        protected override Exit Leave(ref CallFrame frame, ref Slot slot)
        {
            Interlocked.Decrement(ref _held);
            Last = frame.Verdict;
            return Exit.Continue;
        }
    }
}
