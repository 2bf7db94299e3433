namespace Resilience.Arena;

/// <summary>The process's totals at a second of the script: CPU time in microseconds, bytes allocated, calls that have ended.</summary>
internal sealed record ProcessSample(double At, double CpuMicroseconds, long Bytes, int Done);
