namespace Resilience.Arena;

/// <summary>From the first moment of an outage to the first moment of recovery, in seconds.</summary>
internal sealed record OutageSpan(double Start, double End)
{
    public bool Holds(double second) => second >= Start && second < End;
}
