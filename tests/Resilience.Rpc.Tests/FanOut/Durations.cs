namespace Resilience.Rpc.Tests.FanOut;

internal static class Durations
{
    public static TimeSpan Milliseconds(this int count) => TimeSpan.FromMilliseconds(count);

    public static TimeSpan Seconds(this int count) => TimeSpan.FromSeconds(count);
}
