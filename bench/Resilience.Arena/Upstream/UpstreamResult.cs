namespace Resilience.Arena;

/// <summary>
/// What the upstream saw, by the slice in which a request arrived; the last slice is the time after the script. Requests that are
/// neither good, error nor reset were given up by the caller before their answer. The requests in outage are counted exactly, not by slice.
/// </summary>
internal sealed record UpstreamResult(int[] Arrived, int[] Good, int[] Errors, int[] Resets, int ArrivedInOutage)
{
    public int Total => Arrived.Sum();
}
