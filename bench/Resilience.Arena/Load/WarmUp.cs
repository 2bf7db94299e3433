using System.Diagnostics;

namespace Resilience.Arena;

/// <summary>
/// Brings a process to its steady state before anything is measured: the ways of success and of failure are compiled, and the
/// compiler's second tier has had its turn. A contestant of its own takes the failures, so the measured breaker knows nothing of them.
/// </summary>
internal static class WarmUp
{
    private const int Rounds = 4;
    private const int GoodCalls = 400;
    private const int BadCalls = 30;
    private const int AtOnce = 4;
    private const int RehearsalCalls = 250;
    private const double RehearsalGap = 0.002;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_compile = TimeSpan.FromSeconds(1);
    private static readonly string[] s_bad = [Paths.WarmError, Paths.WarmReset, Paths.WarmStuck];

    public static async Task RunAsync(ContestantOrder order, Contestant measured)
    {
        using (Contestant throwaway = Contestant.Create(order.Name, order.Plan.Script.Policy))
        {
            for (int round = 0; round < Rounds; round++)
            {
                await SendAsync(throwaway, new Uri(order.Upstream, Paths.WarmGood), GoodCalls, AtOnce);
                await Task.Delay(s_settle);
            }

            foreach (string path in s_bad)
            {
                await SendAsync(throwaway, new Uri(order.Upstream, path), BadCalls, BadCalls);
            }
        }

        await RehearseAsync(measured, new Uri(order.Upstream, Paths.WarmGood));
        await Task.Delay(s_compile);
    }

    /// <summary>Good calls as the run makes them, so that the generator and the connections are warm as well.</summary>
    private static async Task RehearseAsync(Contestant measured, Uri address)
    {
        double[] schedule = [.. Enumerable.Range(0, RehearsalCalls).Select(call => call * RehearsalGap)];
        var log = new CallLog(schedule, Stopwatch.GetTimestamp());
        new LoadGenerator(measured, [.. schedule.Select(_ => address)], log, CancellationToken.None).Start();
        while (log.Done < log.Count)
        {
            await Task.Delay(s_step);
        }
    }

    private static Task SendAsync(Contestant contestant, Uri address, int calls, int atOnce) => Parallel.ForAsync(
        0,
        calls,
        new ParallelOptions { MaxDegreeOfParallelism = atOnce },
        async (_, token) => await Call.SendAsync(contestant, address, token));
}
