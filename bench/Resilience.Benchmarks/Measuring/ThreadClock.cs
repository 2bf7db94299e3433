using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Resilience.Benchmarks;

/// <summary>
/// The processor time of the calling thread, for work that never waits: on a machine of its own it is the time that passed, and on a
/// shared one it leaves out the turns of others. Where the system has no such clock, the time that passed.
/// </summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static bool IsExact { get; } = OperatingSystem.IsLinux() && clock_gettime(ThreadCpuTime, out _) == 0;

    public static double Nanoseconds
    {
        get
        {
            if (!IsExact)
            {
                return Stopwatch.GetElapsedTime(0).TotalNanoseconds;
            }

            _ = clock_gettime(ThreadCpuTime, out var time);
            return (time.Seconds * 1e9) + time.Nanoseconds;
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        // Not readonly: the system writes them.
        public nint Seconds;
        public nint Nanoseconds;
    }
}
