using System.Diagnostics;

namespace Resilience.Arena;

/// <summary>
/// Reads CPU time and allocated bytes at the edges of slices, on a thread of its own, and tells how far the run is. The process runs
/// one contestant, its load generator and this; the latter two cost every contestant the same.
/// </summary>
internal sealed class ProcessSampler
{
    private readonly RunPlan _plan;
    private readonly CallLog _log;
    private readonly BreakerLog _breaker;
    private readonly ParentLink _parent;
    private readonly long _start;
    private readonly List<ProcessSample> _samples;
    private readonly ManualResetEventSlim _stopped = new();
    private readonly Thread _thread;

    public ProcessSampler(RunPlan plan, CallLog log, BreakerLog breaker, ParentLink parent, long start)
    {
        _plan = plan;
        _log = log;
        _breaker = breaker;
        _parent = parent;
        _start = start;
        _samples = new List<ProcessSample>(plan.SliceCount + 2);
        _thread = new Thread(Run) { IsBackground = true, Name = "process sampler" };
    }

    public void Start() => _thread.Start();

    /// <summary>Ends the sampling with a last sample and returns them all.</summary>
    public IReadOnlyList<ProcessSample> Stop()
    {
        _stopped.Set();
        _thread.Join();
        return _samples;
    }

    private void Run()
    {
        for (int edge = 0; edge <= _plan.SliceCount; edge++)
        {
            double left = (edge * _plan.SliceSeconds) - Second();
            if (left > 0 && _stopped.Wait(TimeSpan.FromSeconds(left)))
            {
                break;
            }

            Sample();
            Tell();
        }

        _stopped.Wait();
        Sample();
        Tell();
    }

    private double Second() => (Stopwatch.GetTimestamp() - _start) / (double)Stopwatch.Frequency;

    private void Sample()
    {
        // Environment.CpuUsage is getrusage here: microseconds, where a Process would count in hundredths of a second.
        double cpu = Environment.CpuUsage.TotalTime.TotalMicroseconds;
        _samples.Add(new ProcessSample(Second(), cpu, GC.GetTotalAllocatedBytes(precise: true), _log.Done));
    }

    private void Tell() =>
        _parent.Send(Words.Tick, new Tick(Second(), _log.Done, _log.Succeeded, _log.InFlight, _log.Count, _breaker.State));
}
