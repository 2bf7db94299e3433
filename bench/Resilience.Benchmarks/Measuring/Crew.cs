using System.Diagnostics;

namespace Resilience.Benchmarks;

/// <summary>
/// The threads of a round, the calling one among them. They are released together, each counts its own time and bytes, and a round's
/// figure is their mean. Between rounds the helpers sleep, so that they take no processor from a side with fewer threads. One thread alone
/// is timed by <see cref="ThreadClock"/>; threads that may wait for each other, or that work hops to, by the time that passes.
/// </summary>
internal sealed class Crew : IDisposable
{
    private readonly Helper[] _helpers;
    private volatile int _waiting;
    private volatile bool _released;

    public Crew(int threads)
    {
        _helpers = [.. Enumerable.Range(1, threads - 1).Select(_ => new Helper(this))];
    }

    /// <summary>Runs <paramref name="work"/> of <paramref name="calls"/> calls on every thread at once.</summary>
    /// <param name="work">Takes the number of calls.</param>
    /// <param name="calls">How many each thread makes.</param>
    /// <param name="hopsThreads">Whether the calls change threads, so that bytes are counted over the whole process.</param>
    public Sample Run(Func<int, long> work, int calls, bool hopsThreads = false)
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

        var before = hopsThreads ? GC.GetTotalAllocatedBytes(precise: true) : 0;
        _released = true;
        var own = _helpers.Length == 0 && !hopsThreads ? TimeOnProcessor(work, calls) : Time(work, calls);
        foreach (var helper in _helpers)
        {
            helper.Done.Wait();
        }

        var bytes = hopsThreads
            ? GC.GetTotalAllocatedBytes(precise: true) - before
            : own.Bytes + _helpers.Sum(h => h.Result.Bytes);
        var threads = _helpers.Length + 1;
        var nanoseconds = own.Nanoseconds + _helpers.Sum(h => h.Result.Nanoseconds);
        return new Sample(nanoseconds / threads / calls, bytes / threads / calls);
    }

    public void Dispose()
    {
        foreach (var helper in _helpers)
        {
            helper.Dispose();
        }
    }

    private static Sample TimeOnProcessor(Func<int, long> work, int calls)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = ThreadClock.Nanoseconds;
        work(calls);
        var elapsed = ThreadClock.Nanoseconds - start;
        return new Sample(elapsed, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    private static Sample Time(Func<int, long> work, int calls)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        work(calls);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new Sample(elapsed.TotalNanoseconds, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    private sealed class Helper : IDisposable
    {
        private readonly Crew _crew;
        private readonly SemaphoreSlim _wake = new(0);
        private readonly Thread _thread;
        private Func<int, long>? _work;
        private int _calls;

        public Helper(Crew crew)
        {
            _crew = crew;
            _thread = new Thread(Loop) { IsBackground = true, Name = "scoreboard" };
            _thread.Start();
        }

        public SemaphoreSlim Done { get; } = new(0);

        public Sample Result { get; private set; }

        public void Wake(Func<int, long> work, int calls)
        {
            _work = work;
            _calls = calls;
            _wake.Release();
        }

        public void Dispose()
        {
            _work = null;
            _wake.Release();
            _thread.Join();
            _wake.Dispose();
            Done.Dispose();
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

                Result = Time(work, _calls);
                Done.Release();
            }
        }
    }
}
