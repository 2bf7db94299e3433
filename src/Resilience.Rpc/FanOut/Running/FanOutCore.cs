namespace Resilience.Rpc;

/// <summary>What all runs of a fan-out share.</summary>
internal sealed class FanOutCore<T>
{
    private static readonly bool s_mayBeDisposable =
        typeof(IDisposable).IsAssignableFrom(typeof(T)) || (!typeof(T).IsValueType && !typeof(T).IsSealed);

    private readonly StallOptions _stall;
    private FanOutRun<T>? _idle;
    private int _inFlightLosers;

    internal FanOutCore(EndpointSet endpoints, FanOutOptions<T> options)
    {
        options.Validate();
        Endpoints = endpoints;
        Options = options;
        Decision = options.Mode.Decide(endpoints.All, options.Dispute.Rule(endpoints.All));
        options.Validate(Decision);
        Clock = endpoints.Clock;
        DeadlineTicks = options.Deadline.Ticks;
        DisputeRetries = Decision.Votes ? options.Dispute.Retries : 0;
        Hedges = new HedgeBudget(options.HedgeShare, options.HedgeBurst);
        MostRetries = Decision.Retries ? options.MaxRetries : 0;
        DiscardsValues = s_mayBeDisposable || options.Discard is not null;
        Compares = Decision.Votes || Decision.Compares;
        HoldsTogether = Decision.Votes && options.AreSame is not null;
        TakesAnyValue = !Compares && options.Judge is null && options.IsAcceptable is null && options.Key is null;
        (LeavesOut, IsBudgeted) = (Decision.LeavesOut, Decision.IsBudgeted);
        (OwnOrder, UsesOrder) = (Decision.OwnOrder ?? EndpointOrder.Given, Decision.UsesOrder && Decision.OwnOrder is null);
        Count = endpoints.All.Count;
        _stall = options.Stall;
    }

    internal EndpointSet Endpoints { get; }

    internal FanOutOptions<T> Options { get; }

    internal Decision Decision { get; }

    internal Clock Clock { get; }

    internal long DeadlineTicks { get; }

    internal int DisputeRetries { get; }

    internal int MostRetries { get; }

    internal HedgeBudget Hedges { get; }

    /// <summary>Whether an answer may have to be disposed or discarded.</summary>
    internal bool DiscardsValues { get; }

    /// <summary>Whether answers are compared by their keys.</summary>
    internal bool Compares { get; }

    /// <summary>Whether answers with equal keys are held against each other.</summary>
    internal bool HoldsTogether { get; }

    /// <summary>Whether every answer but null is taken, so that none needs to be judged.</summary>
    internal bool TakesAnyValue { get; }

    /// <inheritdoc cref="Decision.LeavesOut"/>
    internal bool LeavesOut { get; }

    /// <inheritdoc cref="Decision.IsBudgeted"/>
    internal bool IsBudgeted { get; }

    /// <summary>Whether endpoints are asked in the order of their ranking.</summary>
    internal bool UsesOrder { get; }

    /// <summary>The order in which they are asked otherwise.</summary>
    internal EndpointOrder OwnOrder { get; }

    /// <summary>How many endpoints there are.</summary>
    internal int Count { get; }

    internal int InFlightLosers => Volatile.Read(ref _inFlightLosers);

    internal void AddLosers(int count) => Interlocked.Add(ref _inFlightLosers, count);

    /// <summary>The run that was over last, if it is of that type and nobody has taken it: calls one after another need no pool.</summary>
    internal TRun? TryTakeIdle<TRun>()
        where TRun : FanOutRun<T> =>
        _idle is TRun run && Interlocked.CompareExchange(ref _idle, null, run) == run ? run : null;

    /// <summary>Keeps a run that is over. Of two at the same moment one is dropped, which costs an allocation later and nothing else.</summary>
    internal bool TryKeepIdle(FanOutRun<T> run)
    {
        if (_idle is not null)
        {
            return false;
        }

        Volatile.Write(ref _idle, run);
        return true;
    }

    /// <summary>What a value is worth; runs the user's code.</summary>
    internal Ruling Judge(T value)
    {
        if (Options.Judge is { } judge)
        {
            return judge(Outcome.FromResult(value));
        }

        var acceptable = Options.IsAcceptable is { } isAcceptable ? isAcceptable(value) : value is not null;
        return !acceptable ? Ruling.Reject : Options.Key is { } key ? Ruling.Vote(key(value)) : Ruling.Accept;
    }

    /// <summary>What an exception is worth; runs the user's code.</summary>
    internal Ruling Judge(Exception exception) =>
        Options.Judge is { } judge ? judge(Outcome.FromException<T>(exception)) : Ruling.FromException(exception);

    /// <summary>Whether two answers with equal keys are the same; runs the user's code.</summary>
    internal bool AreSame(T left, T right)
    {
        try
        {
            return Options.AreSame!(left, right);
        }
        catch (Exception exception) when (exception is not ObjectDisposedException)
        {
            UnobservedFault.Report(exception);
            return true;
        }
        catch (ObjectDisposedException)
        {
            // The run was over meanwhile and its result disposed of: nobody asks any more.
            return true;
        }
    }

    /// <summary>After how many ticks an endpoint is late.</summary>
    internal long StallTicks(Endpoint endpoint) =>
        endpoint.P95Ticks is var known and > 0 ? Math.Clamp(known, _stall.Least.Ticks, _stall.Most.Ticks) : _stall.Most.Ticks;

    /// <summary>An answer that nobody will see.</summary>
    internal void Discard(T? value)
    {
        try
        {
            if (Options.Discard is { } discard)
            {
                discard(value!);
            }
            else
            {
                Settlement.Discard(ref value);
            }
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
        }
    }
}
