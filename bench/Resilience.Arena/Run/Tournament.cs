using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Resilience.Arena;

/// <summary>
/// Runs all contestants at the same time, each in a process of its own against an upstream of its own. Side by side, because whatever
/// else the machine does then strikes all of them alike, each gets the whole script rather than a third of it, and at the low rates of
/// a run the cores are mostly idle; in processes of their own, because CPU time and allocations are then the contestant's alone.
/// The lanes are shifted by a third of the mean gap between calls: they share one schedule, and would else always collide.
/// </summary>
internal static class Tournament
{
    private static readonly TimeSpan s_lead = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_preparation = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<ContestantName> Contestants { get; } = [ContestantName.Bare, ContestantName.Polly, ContestantName.Ours];

    public static async Task<ArenaResult> RunAsync(RunPlan plan, IProgressView view, CancellationToken token)
    {
        var lanes = new List<Lane>();
        try
        {
            foreach (ContestantName name in Contestants)
            {
                lanes.Add(Lane.Launch(name));
            }

            await TogetherAsync(lanes.Select(lane => lane.PrepareAsync(plan, token))).WaitAsync(s_preparation, token);
            view.Started();
            long start = Stopwatch.GetTimestamp() + Ticks(s_lead.TotalSeconds);
            long shift = Ticks(1 / plan.Rate / lanes.Count);
            TimeSpan longest = TimeSpan.FromSeconds(plan.Seconds + RunPlan.DrainSeconds) + s_slack;
            Task<LaneResult>[] runs = [.. lanes.Select((lane, i) => lane.RunAsync(start + (i * shift), view.Report, token))];
            await TogetherAsync(runs).WaitAsync(longest, token);
            return new ArenaResult
            {
                Plan = plan,
                Machine = Machine(),
                Finished = DateTimeOffset.Now,
                Lanes = await Task.WhenAll(runs),
            };
        }
        finally
        {
            await Task.WhenAll(lanes.Select(lane => lane.DisposeAsync().AsTask()));
        }
    }

    /// <summary>Waits for all, or for the first that fails: a run with a contestant missing is not worth its end.</summary>
    private static async Task TogetherAsync(IEnumerable<Task> tasks)
    {
        await foreach (Task task in Task.WhenEach(tasks))
        {
            await task;
        }
    }

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static string Machine() =>
        $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
}
