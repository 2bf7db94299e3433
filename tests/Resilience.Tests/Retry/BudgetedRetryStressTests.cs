namespace Resilience.Tests.Retry;

/// <summary>Budgets shared by threads whose calls succeed, fail, time out, are cancelled and have hooks that throw.</summary>
public sealed class BudgetedRetryStressTests
{
    private const int Threads = 4;
    private const int Calls = 20_000;

    [Fact]
    public void WhenThreadsShareABudget_WhateverBecomesOfTheirCalls_ItBalancesInTheEnd()
    {
        var (ledger, inFlight, cost) = (new Ledger(), new InFlightBudget(), new CostBudget());
        var starts = 0;
        RunThreads(thread =>
        {
            var draw = RandomSource.Seeded((ulong)thread);
            Pipeline[] pipelines = [Build(ledger), Build(inFlight), Build(cost)];
            for (var i = 0; i < Calls; i++)
            {
                using var caller = new CancellationTokenSource();
                pipelines[i % 3].ExecuteOutcome(
                    state =>
                    {
                        Interlocked.Add(ref starts, 1);
                        return draw.NextDouble() switch
                        {
                            < 0.3 => 1,
                            < 0.6 => throw new IOException(),
                            < 0.8 => throw new TimeoutException(),
                            < 0.9 => throw new NotSupportedException(),
                            _ => Cancel(caller),
                        };
                    },
                    caller.Token);
            }
        });
        Assert.Equal((ledger.Starts, 0), (ledger.Ends, ledger.Outstanding));
        Assert.Equal((0, 0), (inFlight.Calls, inFlight.Retries));
        Assert.InRange(cost.Tokens, 0, 500);
        Assert.InRange(starts, Threads * Calls * 5 / 4, Threads * Calls * 4);

        static int Cancel(CancellationTokenSource caller)
        {
            caller.Cancel();
            throw new OperationCanceledException(caller.Token);
        }
    }

    // A hook throws now and then, and so does the give-up hook.
    private static Pipeline Build(RetryBudget budget)
    {
        var draw = RandomSource.Seeded(7);
        return new PipelineBuilder()
            .Classify(rules => rules.On<NotSupportedException>(Verdict.Permanent).Otherwise(Verdict.Transient))
            .AddRetry(new RetryOptions
            {
                Backoff = Backoff.None,
                Budget = budget,
                OnRetry = _ => draw.NextDouble() < 0.1 ? throw new FormatException() : default,
                OnGiveUp = e =>
                {
                    if (draw.NextDouble() < 0.1)
                    {
                        throw new FormatException();
                    }
                },
            })
            .Build();
    }

    private static void RunThreads(Action<int> run)
    {
        var threads = Enumerable.Range(1, Threads).Select(n => new Thread(() => run(n))).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }
}
