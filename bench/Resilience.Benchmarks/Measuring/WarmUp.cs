using System.Diagnostics;
using System.Runtime;

namespace Resilience.Benchmarks;

/// <summary>
/// Brings code to its last tier: calls it in short bursts until the JIT has compiled nothing for a while, which is longer than the tenth
/// of a second that it waits before it compiles a tier.
/// </summary>
internal static class WarmUp
{
    private const int Burst = 500;
    private const int Bursts = 100;
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(4);

    public static void Run(Crew crew, params ReadOnlySpan<Func<int, long>> sides)
    {
        var start = Stopwatch.GetTimestamp();
        var quietSince = start;
        var compiled = JitInfo.GetCompiledMethodCount();
        for (var bursts = 0; ; bursts++)
        {
            foreach (var side in sides)
            {
                crew.Run(side, Burst);
            }

            if (compiled != JitInfo.GetCompiledMethodCount())
            {
                compiled = JitInfo.GetCompiledMethodCount();
                quietSince = Stopwatch.GetTimestamp();
            }

            var quiet = bursts >= Bursts && Stopwatch.GetElapsedTime(quietSince) >= s_quiet;
            if (quiet || Stopwatch.GetElapsedTime(start) >= s_longest)
            {
                return;
            }
        }
    }
}
