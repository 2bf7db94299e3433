namespace Resilience.Arena;

/// <summary>What happens to the upstream and when, and the settings under which the libraries meet it.</summary>
internal sealed record OutageScript
{
    /// <summary>Title of the report.</summary>
    public required string Name { get; init; }

    /// <summary>The phases in order; their shares are scaled to the length of the run.</summary>
    public required IReadOnlyList<Phase> Phases { get; init; }

    /// <summary>The settings of both libraries.</summary>
    public Policy Policy { get; init; } = new();

    /// <summary>Where each phase starts and ends in a run of the given length.</summary>
    public IReadOnlyList<PhaseSpan> Spans(double seconds)
    {
        double total = Phases.Sum(phase => phase.Share);
        double before = 0;
        var spans = new List<PhaseSpan>(Phases.Count);
        foreach (Phase phase in Phases)
        {
            double start = before / total * seconds;
            before += phase.Share;
            spans.Add(new PhaseSpan(phase, start, before / total * seconds));
        }

        return spans;
    }

    /// <summary>The outages in seconds: neighbouring phases marked as outage count as one.</summary>
    public IReadOnlyList<OutageSpan> Outages(double seconds)
    {
        var outages = new List<OutageSpan>();
        foreach (PhaseSpan span in Spans(seconds).Where(span => span.Phase.Outage))
        {
            if (outages.Count > 0 && outages[^1].End == span.Start)
            {
                outages[^1] = outages[^1] with { End = span.End };
            }
            else
            {
                outages.Add(new OutageSpan(span.Start, span.End));
            }
        }

        return outages;
    }
}
