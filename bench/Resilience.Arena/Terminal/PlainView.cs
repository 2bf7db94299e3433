using Spectre.Console;

namespace Resilience.Arena;

/// <summary>Progress as lines, for output that is not a terminal: one a contestant at the start of each phase.</summary>
internal sealed class PlainView(IAnsiConsole console, RunPlan plan) : IProgressView
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<PhaseSpan> _spans = plan.Script.Spans(plan.Seconds);
    private readonly Dictionary<ContestantName, string> _phases = [];

    public void Started() => console.WriteLine($"Everyone is warm. The script runs for {plan.Seconds:0.#} s at {plan.Rate:0.#} calls a second.");

    public void Report(ContestantName name, Tick tick)
    {
        string phase = (_spans.FirstOrDefault(span => tick.At < span.End) ?? _spans[^1]).Phase.Name;
        lock (_lock)
        {
            if (_phases.GetValueOrDefault(name) == phase)
            {
                return;
            }

            _phases[name] = phase;
            console.WriteLine($"{tick.At,6:F1} s  {phase,-12} {Titles.Of(name),-16} {tick.Succeeded,6} of {tick.Done} calls succeeded, "
                + $"{tick.InFlight} in flight{(name == ContestantName.Bare ? "" : $", breaker {Shown(tick.Breaker)}")}");
        }
    }

    private static string Shown(BreakerState state) => state switch
    {
        BreakerState.Open => "open",
        BreakerState.HalfOpen => "half open",
        _ => "closed",
    };
}
