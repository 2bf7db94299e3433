using System.Reflection;

namespace Resilience.Rpc.Tests.FanOut;

/// <summary>What many fan-outs leave behind: nothing.</summary>
public sealed class FanOutSoakTests
{
    private const int Runs = 100_000;

    [Fact]
    public void WhenEndpointsAnswerAtOnce_NothingIsAllocated()
    {
        var set = new EndpointSet<int>(
            Enumerable.Range(0, 3).Select(i => new EndpointOptions<int> { Name = $"e{i}", Target = i }), new EndpointSetOptions { Exploration = 0.5 });
        FanOutMode[] modes = [FanOutMode.All, FanOutMode.FirstSuccess, FanOutMode.Hedged, FanOutMode.Majority, FanOutMode.Highest(0)];
        foreach (var mode in modes)
        {
            var fanOut = new FanOut<int, string>(set, new FanOutOptions<string> { Mode = mode, Key = static text => (ulong)text.Length });
            Assert.Equal(0, Allocated(fanOut));
        }
    }

    [Fact]
    public async Task WhenLosersIgnoreCancellation_NoTimerRegistrationAnswerOrErrorIsLeft()
    {
        await Fresh.Stack();
        var unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> handler = (_, e) => unobserved += e.Exception.InnerException is LostException ? 1 : 0;
        TaskScheduler.UnobservedTaskException += handler;
        using var caller = new CancellationTokenSource();
        var desk = new Desk(3).IsDeaf(1).IsDeaf(2);
        var fanOut = desk.Make(FanOutMode.FirstSuccess);
        var late = new List<Answer>();
        var taken = new List<Answer>();
        for (var i = 0; i < Runs; i++)
        {
            var run = desk.Run(fanOut, caller.Token);
            var losers = (First: desk.LastOf(1), Second: desk.LastOf(2));
            desk.LastOf(0).Answer(1);
            using (var result = await run)
            {
                taken.Add(result.Value);
                Assert.Equal(FaultClass.LostRace, result[1].Fault);
            }

            late.Add(losers.First.Answer(2));
            losers.Second.Fail(new LostException());
            if (i % 1_000 == 0)
            {
                Forget(desk);
            }
        }

        Assert.Equal((0, 0), (fanOut.InFlightLosers, desk.Set.All.Sum(endpoint => endpoint.InFlight)));
        Assert.All(late, answer => Assert.Equal(1, answer.Disposals));
        Assert.All(taken, answer => Assert.Equal(1, answer.Disposals));
        Assert.Equal(0, Registrations(caller));
        var sweeper = Clock.For(desk.Clock).Sweeper;
        Assert.Equal(0, sweeper.Armed);
        Assert.InRange(sweeper.Taken, 0, 64);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Equal(0, unobserved);
        TaskScheduler.UnobservedTaskException -= handler;
    }

    [Fact]
    public async Task WhenEventsCollide_EveryRunEnds_AndEverythingIsGivenBack()
    {
        await Fresh.Stack();
        // Answers, failures, the caller's cancellation and disposal race on the thread pool; the deadline is far.
        var set = new EndpointSet<int>(Enumerable.Range(0, 4).Select(i => new EndpointOptions<int>
        {
            Name = $"e{i}",
            Target = i,
            CircuitBreaker = new CircuitBreakerOptions { InitialState = CircuitState.Disabled },
        }));
        FanOutMode[] modes = [FanOutMode.All, FanOutMode.FirstSuccess, FanOutMode.Hedged, FanOutMode.Majority, FanOutMode.Highest(1)];
        var fanOuts = modes.Select(mode => new FanOut<int, Answer>(set, new FanOutOptions<Answer>
        {
            Mode = mode,
            Key = static answer => (ulong)answer.Number,
            RetryBackoff = Backoff.None,
            Stall = new StallOptions { Least = 1.Milliseconds(), Most = 1.Milliseconds() },
            Deadline = TimeSpan.FromMinutes(10),
        })).ToArray();
        var made = new System.Collections.Concurrent.ConcurrentBag<Answer>();
        await Parallel.ForAsync(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var caller = new CancellationTokenSource();
            if (i % 7 == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), caller, preferLocal: false);
            }

            try
            {
                using var result = await fanOuts[i % fanOuts.Length].ExecuteAsync(
                    static async (endpoint, state, token) =>
                    {
                        var dice = ((state.i * 31) + (endpoint * 17)) % 11;
                        for (var hop = 0; hop < dice % 4; hop++)
                        {
                            await Task.Yield();
                        }

                        if (dice is 3 or 7)
                        {
                            throw dice == 3 ? new IOException() : new FormatException();
                        }

                        if (dice == 5)
                        {
                            token.ThrowIfCancellationRequested();
                        }

                        var answer = new Answer(dice % 2);
                        state.made.Add(answer);
                        return answer;
                    },
                    (i, made),
                    caller.Token);
                Assert.NotEqual(FanOutStatus.Running, result.Status);
                Assert.True(!result.HasValue || result[result.Winner].State == SlotState.Answered);
            }
            catch (OperationCanceledException) when (caller.IsCancellationRequested)
            {
            }
        });
        for (var i = 0; fanOuts.Any(fanOut => fanOut.InFlightLosers != 0); i++)
        {
            Assert.InRange(i, 0, 10_000_000);
            await Task.Yield();
        }

        Assert.All(set.All, endpoint => Assert.Equal(0, endpoint.InFlight));
        Assert.All(made, answer => Assert.Equal(1, answer.Disposals));
    }

    private static long Allocated(FanOut<int, string> fanOut)
    {
        var before = 0L;
        for (var i = 0; i < 20_000; i++)
        {
            before = i == 10_000 ? GC.GetAllocatedBytesForCurrentThread() : before;
            using var result = fanOut.ExecuteAsync(static (_, text, _) => new ValueTask<string>(text), "answer").GetAwaiter().GetResult();
            Assert.False(result[0].State == SlotState.Failed);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Forget(Desk desk)
    {
        desk.Asked.Clear();
        for (var i = 0; i < 3; i++)
        {
            ((List<Call>)desk.CallsOf(i)).Clear();
        }
    }

    // What the runtime keeps of a source's registrations: reaches into it, because nothing else tells.
    private static int Registrations(CancellationTokenSource source)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var registrations = typeof(CancellationTokenSource).GetField("_registrations", Any)!.GetValue(source);
        var node = registrations?.GetType().GetField("Callbacks", Any)!.GetValue(registrations);
        var count = 0;
        for (; node is not null; node = node.GetType().GetField("Next", Any)!.GetValue(node))
        {
            count++;
        }

        return count;
    }

    // The event is the whole process's, and other tests have errors that nobody can catch.
    private sealed class LostException : Exception;
}
