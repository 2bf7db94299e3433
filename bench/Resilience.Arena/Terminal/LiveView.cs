using System.Globalization;
using Spectre.Console;

namespace Resilience.Arena;

/// <summary>Progress bars: the script with its phase, and each contestant's share of calls that succeeded so far.</summary>
internal sealed class LiveView : IProgressView
{
    private readonly RunPlan _plan;
    private readonly IReadOnlyList<PhaseSpan> _spans;
    private readonly ProgressTask _script;
    private readonly Dictionary<ContestantName, ProgressTask> _tasks;
    private readonly LiveTextColumn _texts;

    public LiveView(ProgressContext context, LiveTextColumn texts, RunPlan plan)
    {
        _plan = plan;
        _texts = texts;
        _spans = plan.Script.Spans(plan.Seconds);
        _script = context.AddTask("[bold]script[/]", maxValue: plan.Seconds);
        _tasks = Tournament.Contestants.ToDictionary(name => name, name => context.AddTask(Markup.Escape(Titles.Of(name))));
        _texts.Set(_script, "[grey]warming up[/]");
    }

    public void Started() => _texts.Set(_script, "[grey]ready[/]");

    public void Report(ContestantName name, Tick tick)
    {
        ProgressTask task = _tasks[name];
        double part = tick.Done == 0 ? 1 : tick.Succeeded / (double)tick.Done;
        task.Value = 100.0 * tick.Done / Math.Max(1, tick.Calls);
        _texts.Set(task, string.Create(
            CultureInfo.InvariantCulture,
            $"[{Colour(part)}]{100 * part,5:F1} % ok[/]  [grey]{tick.InFlight,3} in flight[/]  {Breaker(name, tick.Breaker)}"));
        _script.Value = Math.Clamp(tick.At, _script.Value, _plan.Seconds);
        Phase phase = (_spans.FirstOrDefault(span => tick.At < span.End) ?? _spans[^1]).Phase;
        _texts.Set(_script, $"[{(phase.Calm ? "green" : phase.Outage ? "red" : "yellow")}]{Markup.Escape(phase.Name)}[/]");
    }

    private static string Colour(double part) => part switch
    {
        >= 0.95 => "green",
        >= 0.8 => "yellow",
        _ => "red",
    };

    private static string Breaker(ContestantName name, BreakerState state) => (name, state) switch
    {
        (ContestantName.Bare, _) => "[grey]no breaker[/]",
        (_, BreakerState.Open) => "[red]breaker open[/]",
        (_, BreakerState.HalfOpen) => "[yellow]breaker half open[/]",
        _ => "[green]breaker closed[/]",
    };
}
