using System.Diagnostics;

namespace Resilience.Arena;

/// <summary>The life of a contestant's process: warm up, face the load, report.</summary>
internal static class ContestantMain
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync()
    {
        var parent = new ParentLink();
        ContestantOrder order = await parent.ReceiveAsync<ContestantOrder>(Words.Order);
        RunPlan plan = order.Plan;
        double[] schedule = Schedule.Of(plan);
        Uri[] addresses = [.. schedule.Select((_, call) => new Uri(order.Upstream, Paths.OfCall(call)))];
        using Contestant contestant = Contestant.Create(order.Name, plan.Script.Policy);
        await WarmUp.RunAsync(order, contestant);

        parent.Send(Words.Ready, order.Name);
        long start = (await parent.ReceiveAsync<StartSignal>(Words.Start)).At;
        using var end = new CancellationTokenSource();
        var log = new CallLog(schedule, start);
        var sampler = new ProcessSampler(plan, log, contestant.Changes, parent, start);
        GC.Collect();
        sampler.Start();
        new LoadGenerator(contestant, addresses, log, end.Token).Start();
        await DrainAsync(log, start + (long)((plan.Seconds + RunPlan.DrainSeconds) * Stopwatch.Frequency), end);

        IReadOnlyList<ProcessSample> samples = sampler.Stop();
        parent.Send(Words.Result, ContestantSummary.Of(order, log, contestant.Changes.Since(start), samples, start));
        return 0;
    }

    private static async Task DrainAsync(CallLog log, long deadline, CancellationTokenSource end)
    {
        while (log.Done < log.Count && Stopwatch.GetTimestamp() < deadline)
        {
            await Task.Delay(s_step);
        }

        await end.CancelAsync();
        while (log.InFlight > 0)
        {
            await Task.Delay(s_step);
        }
    }
}
