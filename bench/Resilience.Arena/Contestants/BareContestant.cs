namespace Resilience.Arena;

/// <summary>An HttpClient whose only protection is its own timeout, set to the total timeout of the others.</summary>
internal sealed class BareContestant(Policy policy)
    : Contestant(new HttpClient(Transport()) { Timeout = TimeSpan.FromMilliseconds(policy.TotalTimeoutMs) });
