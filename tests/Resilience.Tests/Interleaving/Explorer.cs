namespace Resilience.Tests.Interleaving;

/// <summary>
/// Runs a small concurrent program under every schedule up to a bound of preemptions: depth first, one thread at a time, switching only
/// at the points of <see cref="Explored"/> and where a thread ends. Assumes sequential consistency.
/// </summary>
internal sealed class Explorer
{
    // A thread that passes so many points in one schedule waits for something that its schedule never lets happen.
    private const int MostSteps = 20_000;

    [ThreadStatic]
    private static Worker? s_worker;

    private readonly List<(int Chosen, int Options)> _trace = [];
    private readonly SemaphoreSlim _ended = new(0);
    private readonly Worker[] _workers;
    private readonly int _bound;
    private int[] _prefix = [];
    private Random? _random;
    private int _preemptions;
    private int _steps;
    private long _time;
    private volatile bool _stopped;

    private Explorer(int threads, int bound)
    {
        _bound = bound;
        _workers = [.. Enumerable.Range(0, threads).Select(id => new Worker(this, id))];
    }

    /// <summary>The next reading of the schedule's logical clock, to mark the call and the return of an operation.</summary>
    public long Now() => ++_time;

    /// <summary>Lets the explorer choose who runs next; nothing on a thread that it does not own.</summary>
    public static void Yield(int site)
    {
        _ = site;
        if (s_worker is { } worker)
        {
            worker.Owner.Switch(worker);
        }
    }

    /// <summary>Runs every schedule with at most <paramref name="bound"/> preemptions.</summary>
    /// <param name="threads">How many threads <paramref name="make"/> gives bodies for.</param>
    /// <param name="make">Builds fresh shared state, one body a thread, and the check that runs when all have ended.</param>
    /// <param name="bound">How often a schedule may leave a thread that could go on.</param>
    /// <param name="most">The most schedules to run.</param>
    public static Exploration Exhaust(int threads, Func<Explorer, (Action[] Bodies, Func<bool> Check)> make, int bound, long most = 500_000) =>
        Run(new Explorer(threads, bound), make, most, null);

    /// <summary>Runs random schedules without a bound on preemptions.</summary>
    public static Exploration Sample(int threads, Func<Explorer, (Action[] Bodies, Func<bool> Check)> make, int seed, long most) =>
        Run(new Explorer(threads, int.MaxValue), make, most, seed);

    /// <summary>Runs the one schedule of a replay key.</summary>
    public static Exploration Replay(int threads, Func<Explorer, (Action[] Bodies, Func<bool> Check)> make, int bound, string key) =>
        Run(new Explorer(threads, bound) { _prefix = [.. key.Split('.').Select(int.Parse)] }, make, 1, null);

    private static Exploration Run(Explorer explorer, Func<Explorer, (Action[] Bodies, Func<bool> Check)> make, long most, int? seed)
    {
        var threads = explorer._workers.Select(worker => new Thread(worker.Loop) { IsBackground = true, Name = "explored" }).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        try
        {
            for (var schedules = 1L; ; schedules++)
            {
                explorer._random = seed is { } s ? new Random(unchecked(s + (int)schedules)) : null;
                if (!explorer.RunOne(make, out var error))
                {
                    return new Exploration(schedules, false, string.Join('.', explorer._trace.Select(step => step.Chosen)), error);
                }

                var left = seed is not null || explorer.Advance();
                if (!left || schedules == most)
                {
                    return new Exploration(schedules, !left, null, null);
                }
            }
        }
        finally
        {
            explorer._stopped = true;
            Array.ForEach(explorer._workers, worker => worker.Go.Release());
            Array.ForEach(threads, thread => thread.Join());
        }
    }

    private bool RunOne(Func<Explorer, (Action[] Bodies, Func<bool> Check)> make, out Exception? error)
    {
        _trace.Clear();
        (_preemptions, _steps, _time) = (0, 0, 0);
        var (bodies, check) = make(this);
        foreach (var worker in _workers)
        {
            (worker.Body, worker.Done, worker.Error) = (bodies[worker.Id], false, null);
        }

        _workers[Choose(_workers.Length)].Go.Release();
        _ended.Wait();
        error = _workers.Select(worker => worker.Error).FirstOrDefault(e => e is not null);
        try
        {
            return error is null && check();
        }
        catch (Exception e)
        {
            error = e;
            return false;
        }
    }

    // The next schedule in depth-first order: the last choice that has an untried option takes it, and what follows is chosen anew.
    private bool Advance()
    {
        var last = _trace.FindLastIndex(step => step.Chosen + 1 < step.Options);
        if (last < 0)
        {
            return false;
        }

        _prefix = [.. _trace.Take(last).Select(step => step.Chosen), _trace[last].Chosen + 1];
        return true;
    }

    private int Choose(int options)
    {
        if (options == 1)
        {
            return 0;
        }

        var chosen = _trace.Count < _prefix.Length ? _prefix[_trace.Count] : _random?.Next(options) ?? 0;
        _trace.Add((chosen, options));
        return chosen;
    }

    private void Switch(Worker me)
    {
        if (!me.Done && ++_steps > MostSteps)
        {
            throw new InvalidOperationException($"A schedule passed {MostSteps} points: some thread waits for ever.");
        }

        // Option 0 is to stay, so that depth first tries the schedule without preemption first.
        Span<int> options = stackalloc int[_workers.Length];
        var count = 0;
        if (!me.Done)
        {
            options[count++] = me.Id;
        }

        if (me.Done || _preemptions < _bound)
        {
            foreach (var worker in _workers)
            {
                if (!worker.Done && worker != me)
                {
                    options[count++] = worker.Id;
                }
            }
        }

        if (count == 0)
        {
            _ended.Release();
            return;
        }

        var next = _workers[options[Choose(count)]];
        if (next == me)
        {
            return;
        }

        // Read before the other thread runs: it may end the schedule, and the next one sets the flag back.
        var ended = me.Done;
        _preemptions += ended ? 0 : 1;
        next.Go.Release();
        if (!ended)
        {
            me.Go.Wait();
        }
    }

    private sealed class Worker(Explorer owner, int id)
    {
        public Explorer Owner => owner;

        public int Id => id;

        public SemaphoreSlim Go { get; } = new(0);

        public Action Body { get; set; } = static () => { };

        public bool Done { get; set; }

        public Exception? Error { get; set; }

        public void Loop()
        {
            s_worker = this;
            for (Go.Wait(); !owner._stopped; Go.Wait())
            {
                try
                {
                    Body();
                }
                catch (Exception e)
                {
                    Error = e;
                }

                Done = true;
                owner.Switch(this);
            }
        }
    }
}
