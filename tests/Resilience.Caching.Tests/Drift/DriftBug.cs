namespace Resilience.Caching.Tests.Drift;

public enum DriftBug
{
    None,
    ForgetsALease,
    ReleasesTwice,
    ReservesForNothing,
}
