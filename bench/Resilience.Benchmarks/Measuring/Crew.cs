using System.Diagnostics;

namespace Resilience.Benchmarks;

/// <summary>
/// The threads of a round, the calling one among them. They are released together, each counts its own time and bytes, and a round's
/// figure is their mean. Between rounds the helpers sleep, so that they take no processor from a side with fewer threads. One thread alone
/// is timed by its processor time; threads that may wait for each other, or that work hops to, by the time that passes.
/// </summary>
internal sealed class Crew : IDisposable
{
    private const double MostSkew = 0.05;
    private readonly Helper[] _helpers;
    private volatile int _waiting;
    private volatile bool _released;

    public Crew(int threads)
    {
        _helpers = [.. Enumerable.Range(1, threads - 1).Select(_ => new Helper(this))];
    }

    /// <summary>Whether there is more than one thread.</summary>
    public bool IsShared => _helpers.Length > 0;

    /// <summary>Runs <paramref name="work"/> of <paramref name="calls"/> calls on every thread at once.</summary>
    /// <param name="work">Takes the number of calls.</param>
    /// <param name="calls">How many each thread makes.</param>
    /// <param name="hopsThreads">Whether the calls change threads, so that bytes are counted over the whole process.</param>
    public Sample Run(Func<int, long> work, int calls, bool hopsThreads = false)
    {
        if (!IsShared && !hopsThreads)
        {
            return RunOnProcessor(work, calls);
        }

        Gather(work, calls);
        var before = hopsThreads ? GC.GetTotalAllocatedBytes(precise: true) : 0;
        _released = true;
        Turn[] turns = [Turn.Take(work, calls), .. _helpers.Select(helper => helper.Finish())];
        var bytes = hopsThreads ? GC.GetTotalAllocatedBytes(precise: true) - before : turns.Sum(turn => turn.Bytes);
        var nanoseconds = turns.Average(turn => turn.Elapsed.TotalNanoseconds);
        var skew = Stopwatch.GetElapsedTime(turns.Min(turn => turn.Start), turns.Max(turn => turn.Start));
        return new Sample(
            nanoseconds / calls,
            (double)bytes / turns.Length / calls,
            turns.Any(turn => turn.WasPreempted) || skew.TotalNanoseconds > MostSkew * nanoseconds);
    }

    public void Dispose()
    {
        foreach (var helper in _helpers)
        {
            helper.Dispose();
        }
    }

    private static Sample RunOnProcessor(Func<int, long> work, int calls)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = ThreadClock.Nanoseconds;
        work(calls);
        var elapsed = ThreadClock.Nanoseconds - start;
        return new Sample(elapsed / calls, (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / calls);
    }

    private void Gather(Func<int, long> work, int calls)
    {
        _released = false;
        _waiting = _helpers.Length;
        foreach (var helper in _helpers)
        {
            helper.Wake(work, calls);
        }

        while (_waiting > 0)
        {
            Thread.SpinWait(1);
        }
    }

    /// <summary>One thread's part of a round.</summary>
    private readonly record struct Turn(long Start, TimeSpan Elapsed, long Bytes, bool WasPreempted)
    {
        public static Turn Take(Func<int, long> work, int calls)
        {
            var preemptions = ThreadClock.Preemptions;
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            work(calls);
            var elapsed = Stopwatch.GetElapsedTime(start);
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            return new Turn(start, elapsed, bytes, ThreadClock.Preemptions != preemptions);
        }
    }

    private sealed class Helper : IDisposable
    {
        private readonly Crew _crew;
        private readonly SemaphoreSlim _wake = new(0);
        private readonly SemaphoreSlim _done = new(0);
        private readonly Thread _thread;
        private Func<int, long>? _work;
        private int _calls;
        private Turn _turn;

        public Helper(Crew crew)
        {
            _crew = crew;
            _thread = new Thread(Loop) { IsBackground = true, Name = "scoreboard" };
            _thread.Start();
        }

        public void Wake(Func<int, long> work, int calls)
        {
            _work = work;
            _calls = calls;
            _wake.Release();
        }

        public Turn Finish()
        {
            _done.Wait();
            return _turn;
        }

        public void Dispose()
        {
            _work = null;
            _wake.Release();
            _thread.Join();
            _wake.Dispose();
            _done.Dispose();
        }

        private void Loop()
        {
            while (true)
            {
                _wake.Wait();
                if (_work is not { } work)
                {
                    return;
                }

                Interlocked.Decrement(ref _crew._waiting);
                while (!_crew._released)
                {
                    Thread.SpinWait(1);
                }

                _turn = Turn.Take(work, _calls);
                _done.Release();
            }
        }
    }
}
