using System.Diagnostics;

namespace Resilience.Arena;

/// <summary>
/// What became of each call. Each call's cells are written by that call alone; the counters are interlocked. All memory is taken
/// before the run, so that recording allocates nothing.
/// </summary>
internal sealed class CallLog
{
    private readonly long[] _intended;
    private readonly long[] _begun;
    private readonly long[] _ended;
    private readonly CallEnd[] _ends;
    private int _inFlight;
    private int _done;
    private int _succeeded;

    public CallLog(double[] schedule, long start)
    {
        _intended = [.. schedule.Select(second => start + (long)(second * Stopwatch.Frequency))];
        _begun = new long[schedule.Length];
        _ended = new long[schedule.Length];
        _ends = new CallEnd[schedule.Length];
    }

    public int Count => _intended.Length;

    public int InFlight => Volatile.Read(ref _inFlight);

    public int Done => Volatile.Read(ref _done);

    public int Succeeded => Volatile.Read(ref _succeeded);

    public long Intended(int call) => _intended[call];

    public CallEnd End(int call) => _ends[call];

    /// <summary>From the intended start to the end, in milliseconds: waiting before the real start counts.</summary>
    public double LatencyMs(int call) => Stopwatch.GetElapsedTime(_intended[call], _ended[call]).TotalMilliseconds;

    /// <summary>How late the generator was, in milliseconds.</summary>
    public double LagMs(int call) => Stopwatch.GetElapsedTime(_intended[call], _begun[call]).TotalMilliseconds;

    public void Begin(int call)
    {
        _begun[call] = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _inFlight);
    }

    public void Shed(int call)
    {
        _begun[call] = _ended[call] = Stopwatch.GetTimestamp();
        _ends[call] = CallEnd.Shed;
        Interlocked.Increment(ref _done);
    }

    public void Finish(int call, CallEnd end)
    {
        _ended[call] = Stopwatch.GetTimestamp();
        _ends[call] = end;
        if (end == CallEnd.Succeeded)
        {
            Interlocked.Increment(ref _succeeded);
        }

        Interlocked.Increment(ref _done);
        Interlocked.Decrement(ref _inFlight);
    }
}
