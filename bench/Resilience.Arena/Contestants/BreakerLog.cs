using System.Diagnostics;

namespace Resilience.Arena;

/// <summary>Remembers the changes of one breaker. Thread-safe; holds at most <see cref="MostChanges"/>, and counts what is beyond.</summary>
internal sealed class BreakerLog
{
    private const int MostChanges = 10_000;

    private readonly Lock _lock = new();
    private readonly List<(long At, BreakerState State)> _changes = [];

    public BreakerState State { get; private set; }

    public int Lost { get; private set; }

    public void Changed(BreakerState state)
    {
        long now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            State = state;
            if (_changes.Count < MostChanges)
            {
                _changes.Add((now, state));
            }
            else
            {
                Lost++;
            }
        }
    }

    /// <summary>The changes on the clock of a run that began at <paramref name="start"/>.</summary>
    public IReadOnlyList<BreakerChange> Since(long start)
    {
        lock (_lock)
        {
            return [.. _changes.Select(change => new BreakerChange(Stopwatch.GetElapsedTime(start, change.At).TotalSeconds, change.State))];
        }
    }
}
