namespace Resilience.Arena;

/// <summary>The sentence above each chart.</summary>
internal static class Sentences
{
    public const string Outcome =
        "Each column holds the calls that were meant to start in that moment and shows how they ended: blue is what a user wanted, grey was "
        + "refused at once instead of being sent to a server that is down.";

    public const string Latency =
        "Calls that succeeded, on a logarithmic scale, counted from the moment at which each was meant to start, so that waiting shows "
        + "wherever it happens.";

    public const string Load =
        "Every request that reached the server, by how it was answered: above the line retries add to the load, below it the breaker takes "
        + "load away.";

    public const string Breaker =
        "How soon the breaker notices the outage, how often it sends a probe, and how soon it trusts the server again.";

    public const string Cost =
        "The process's own cost for each undisturbed call, HttpClient and load generator included for everyone: the bar ends at the median of "
        + "the slices, the whisker runs from the 10th to the 90th percentile.";
}
