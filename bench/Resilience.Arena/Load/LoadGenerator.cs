using System.Diagnostics;

namespace Resilience.Arena;

/// <summary>
/// Starts calls at their intended moments, whether or not earlier ones have ended: an open loop, as users are. It runs on a thread of
/// its own and hands each call to the thread pool, so that a slow call cannot hold back the next.
/// </summary>
internal sealed class LoadGenerator
{
    private readonly Contestant _contestant;
    private readonly Uri[] _addresses;
    private readonly CallLog _log;
    private readonly CancellationToken _end;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _never = new();

    public LoadGenerator(Contestant contestant, Uri[] addresses, CallLog log, CancellationToken end)
    {
        _contestant = contestant;
        _addresses = addresses;
        _log = log;
        _end = end;
        _thread = new Thread(Run) { IsBackground = true, Name = "load generator", Priority = ThreadPriority.AboveNormal };
    }

    public void Start() => _thread.Start();

    private void Run()
    {
        for (int call = 0; call < _log.Count && !_end.IsCancellationRequested; call++)
        {
            WaitUntil(_log.Intended(call));
            if (_log.InFlight >= RunPlan.MaxInFlight)
            {
                _log.Shed(call);
                continue;
            }

            _log.Begin(call);
            ThreadPool.UnsafeQueueUserWorkItem(new Call(_contestant, _addresses[call], _log, call, _end), preferLocal: false);
        }
    }

    // Up to a millisecond late and never early; the lag is measured and reported. Spinning would be sharper, but its CPU time would
    // drown the contestant's.
    private void WaitUntil(long moment)
    {
        while (true)
        {
            double left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), moment).TotalMilliseconds;
            if (left <= 0)
            {
                return;
            }

            _never.Wait((int)Math.Ceiling(left));
        }
    }
}
