namespace Resilience.Tests.Latency;

/// <summary>Stress runs are a hundred times longer with RESILIENCE_SOAK=1 in the environment.</summary>
internal static class Soak
{
    public static int Factor => Environment.GetEnvironmentVariable("RESILIENCE_SOAK") == "1" ? 100 : 1;
}
