namespace Resilience.Arena;

/// <summary>The sentence above each chart.</summary>
internal static class Sentences
{
    public const string Outcome =
        "Each column holds the calls that were meant to start in that moment, and shows how they ended. More blue is better; grey is a call "
        + "that was refused at once instead of being sent to a server that is down.";

    public const string Latency =
        "Counted from the moment a call was meant to start, so that waiting anywhere shows up; on a logarithmic scale, and for calls that "
        + "succeeded only.";

    public const string Load =
        "Every request that arrived at the server, by how it answered. Above the line, retries add to the load; below it, the breaker takes "
        + "load away.";

    public const string Breaker =
        "How soon the breaker notices the outage, how often it probes, and how soon it trusts the server again.";
}
