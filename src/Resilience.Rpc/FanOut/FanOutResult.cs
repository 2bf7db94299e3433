using System.Diagnostics.CodeAnalysis;

namespace Resilience.Rpc;

/// <summary>
/// How a fan-out ended, endpoint by endpoint. It reads a pooled object: dispose it when done, which also disposes the answers in it. After
/// that every read throws. A copy is the same result; not safe for disposal by two threads at once.
/// </summary>
/// <typeparam name="T">The type of the answers.</typeparam>
[SuppressMessage("Performance", "CA1815", Justification = "Results are read, never compared.")]
public readonly struct FanOutResult<T> : IDisposable
{
    private readonly FanOutRun<T>? _run;
    private readonly int _version;

    internal FanOutResult(FanOutRun<T> run, int version)
    {
        _run = run;
        _version = version;
    }

    /// <summary>What came out.</summary>
    public FanOutStatus Status => Run.Ballot.Status;

    /// <summary>Why it ended when it did.</summary>
    public FanOutEnd End => Run.Ballot.End;

    /// <summary>Whether an answer was taken. It may be a fault that the endpoints agree on.</summary>
    public bool HasValue => Run.Ballot.Winner >= 0;

    /// <summary>The answer that was taken.</summary>
    /// <exception cref="InvalidOperationException">None was, or it is an exception.</exception>
    public T Value
    {
        get
        {
            var run = Run;
            var winner = run.Ballot.Winner;
            return winner >= 0 && run.ExceptionAt(winner) is null ? run.ValueAt(winner)! : throw NoValue(run, winner);
        }
    }

    /// <summary>The endpoint whose answer was taken, as an index; -1 if none was.</summary>
    public int Winner => Run.Ballot.Winner;

    /// <summary>How many endpoints there are.</summary>
    public int Count => Run.Ballot.Count;

    /// <summary>How long it took until the decision.</summary>
    public TimeSpan Elapsed => Run.Elapsed;

    private FanOutRun<T> Run => _run is { } run && run.Version == _version ? run : throw Disposed();

    /// <summary>One endpoint's part.</summary>
    /// <param name="index">The endpoint, in the order of the set.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such endpoint.</exception>
    public FanOutSlot<T> this[int index]
    {
        get
        {
            var run = Run;
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, run.Ballot.Count);
            return run.Slot(index);
        }
    }

    /// <summary>The answer that was taken, which is the caller's from now on: disposing the result leaves it alone.</summary>
    /// <exception cref="InvalidOperationException">None was taken, or it is an exception.</exception>
    public T TakeValue()
    {
        var value = Value;
        _run!.Forget(_run.Ballot.Winner);
        return value;
    }

    /// <summary>Disposes the answers and gives the object back. A second time does nothing.</summary>
    public void Dispose() => _run?.Dispose(_version);

    /// <summary>What came out, and every endpoint's part.</summary>
    public override string ToString()
    {
        var result = this;
        return $"{Status} ({End}): {string.Join("; ", Enumerable.Range(0, Count).Select(i => result[i].ToString()))}";
    }

    private static InvalidOperationException Disposed() => new("The result of the fan-out was disposed, or is none.");

    private static InvalidOperationException NoValue(FanOutRun<T> run, int winner) => winner < 0
        ? new($"The fan-out has no value: it ended as {run.Ballot.Status} ({run.Ballot.End}).")
        : new("The fan-out has no value: the answer that was taken is an exception.", run.ExceptionAt(winner));
}
