namespace Resilience.Tests.CircuitBreaking;

/// <summary>Outcomes out of random bytes: one in three failed, one in four slow.</summary>
internal static class Outcomes
{
    public static IEnumerable<(bool Failed, bool Slow)> Of(byte[] bytes, bool slow) =>
        bytes.Select(value => (value % 3 == 0, slow && (value >> 3) % 4 == 0));
}
