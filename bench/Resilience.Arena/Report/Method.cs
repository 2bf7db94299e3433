using System.Globalization;
using System.Text;

namespace Resilience.Arena;

/// <summary>How the figures came about, so that a reader can doubt them properly.</summary>
internal static class Method
{
    public static string Write(ArenaResult result)
    {
        RunPlan plan = result.Plan;
        Policy policy = plan.Script.Policy;
        var section = new StringBuilder("<section class=\"method\">\n<h2>How it was measured</h2>\n<ul>\n");
        Point(section, "Load", $"{plan.Seconds:0.#} s of {plan.Arrivals.Words()}, {plan.Rate:0.#} calls a second on average for each "
            + $"contestant, all from seed {plan.Seed} and fixed before the run. The loop is open: a call starts when it is due, whether or not earlier ones have ended, "
            + $"and its latency counts from that moment. {Lags(result)} At most {RunPlan.MaxInFlight:N0} calls are in flight; what comes beyond is counted as shed.");
        Point(section, "Settings of both libraries", $"total timeout {policy.TotalTimeoutMs} ms → up to {policy.Retries} retries, exponential from "
            + $"{policy.RetryDelayMs} ms with each library's own jitter, Retry-After honoured → breaker that opens at {policy.FailureRatio:P0} failures "
            + $"of at least {policy.MinimumCalls} attempts within {policy.SamplingMs} ms, for {policy.BreakMs} ms → attempt timeout {policy.AttemptTimeoutMs} ms. "
            + "It is the standard pipeline (30 s; 3 from 2 s; 10 %, 100, 30 s, 5 s; 10 s) in times that suit a goal of a second, and with a ratio that leaves scattered errors to the retry. The bare client has a timeout of "
            + $"{policy.TotalTimeoutMs} ms.");
        Point(section, "Processes", "Each contestant runs in a process of its own and calls an upstream of its own, a Kestrel server on the loopback interface, all at the same "
            + "time: what else the machine does strikes them alike. They are shifted by a fraction of the gap between calls so as not to collide.");
        Point(section, "Cost", "CPU time and allocated bytes are those of the contestant's process: HttpClient and the load generator are in them for everyone. "
            + "A call is undisturbed where the upstream is calm and every call of the slice succeeds; the spread runs from the 10th to the 90th percentile of "
            + $"{Slices(result)} slices of {plan.SliceSeconds * 1000:0} ms.");
        Point(section, "Machine", $"{HtmlReport.Encode(result.Machine)}; {result.Finished:yyyy-MM-dd HH:mm}.");
        return section.Append("</ul>\n</section>\n").ToString();
    }

    private static string Lags(ArenaResult result) => "The generator itself was late by "
        + string.Join(", ", result.Lanes.Select(lane => $"{Figures.Milliseconds(lane.Contestant.LagMs.P50)}")) + " at the median and "
        + string.Join(", ", result.Lanes.Select(lane => $"{Figures.Milliseconds(lane.Contestant.LagMs.P99)}")) + " at the 99th percentile, in the order of the lanes.";

    private static string Slices(ArenaResult result) => string.Join(", ", result.Lanes.Select(lane => lane.Contestant.CpuMicroseconds.Slices));

    private static void Point(StringBuilder section, string name, FormattableString text) =>
        Point(section, name, text.ToString(CultureInfo.InvariantCulture));

    private static void Point(StringBuilder section, string name, string text) =>
        section.Append(CultureInfo.InvariantCulture, $"<li><b>{name}.</b> {text}</li>\n");
}
