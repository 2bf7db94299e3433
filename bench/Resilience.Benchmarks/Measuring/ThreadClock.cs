using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Resilience.Benchmarks;

/// <summary>
/// What the system knows of the calling thread. Where it does not say (outside Linux), processor time is the time that passed and no
/// thread was ever preempted.
/// </summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3;
    private const int ThisThread = 1;
    private static readonly bool s_isKnown = OperatingSystem.IsLinux();

    /// <summary>
    /// Processor time. For work that never waits, and on a machine of its own, it is the time that passed; on a shared one it leaves out
    /// the turns of others.
    /// </summary>
    public static double Nanoseconds
    {
        get
        {
            if (!s_isKnown || clock_gettime(ThreadCpuTime, out var time) != 0)
            {
                return Stopwatch.GetElapsedTime(0).TotalNanoseconds;
            }

            return (time.Seconds * 1e9) + time.Nanoseconds;
        }
    }

    /// <summary>How often the system has given the thread's processor to another that was ready.</summary>
    public static long Preemptions => s_isKnown && getrusage(ThisThread, out var usage) == 0 ? usage.Words[Usage.InvoluntarySwitches] : 0;

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out TimeSpec time);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getrusage(int who, out Usage usage);

    // Not readonly: the system writes them. Both as in the C headers of 64-bit Linux.
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Usage
    {
        public const int InvoluntarySwitches = 17;

        public UsageWords Words;
    }

    [InlineArray(18)]
    private struct UsageWords
    {
        private long _first;
    }
}
