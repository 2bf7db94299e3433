using System.Diagnostics.CodeAnalysis;

namespace Resilience.Caching;

/// <summary>
/// One value on its way, and those who wait for it. The last one's leaving gives up the factory's call, unless it has been taken to the
/// background, which waits too.
/// </summary>
[SuppressMessage("Usage", "VSTHRD003", Justification = "Everybody who waits for the value awaits the one task.")]
internal sealed class CacheFlight<TValue>
{
    private const int NotInBackground = 0;
    private const int InBackground = 1;
    private const int Ended = 2;
    private readonly TaskCompletionSource<Created<TValue>> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancelScope _scope;

    // Mutable: counts in place.
    private WaitCount<Production> _waiting;
    private int _background;
    private int _superseded;

    internal CacheFlight(CancelScope scope) => _scope = scope;

    internal Task<Created<TValue>> End => _end.Task;

    internal CancellationToken Token => _scope.Token;

    /// <summary>Whether its key has been set or removed meanwhile, so that its value must not be stored.</summary>
    internal bool IsSuperseded => Volatile.Read(ref _superseded) != 0;

    /// <summary>Counts somebody in; false if it has been given up.</summary>
    internal bool TryJoin() => _waiting.TryJoin();

    /// <summary>Counts somebody out.</summary>
    /// <returns>Whether that was the last, so that it is given up.</returns>
    internal bool Leave()
    {
        var last = _waiting.Leave();
        if (last && !_end.Task.IsCompleted)
        {
            _scope.Abandon();
        }

        return last;
    }

    /// <summary>Lets it go on when nobody waits. Called by one who waits: it is not closed, and is counted in before he leaves.</summary>
    internal void TakeToBackground()
    {
        // Counted in first: the end counts the background out, and nobody else.
        TryJoin();
        if (Interlocked.CompareExchange(ref _background, InBackground, NotInBackground) != NotInBackground)
        {
            Leave();
        }
    }

    internal void Supersede() => Volatile.Write(ref _superseded, 1);

    internal void Complete(Created<TValue> created)
    {
        _end.TrySetResult(created);
        if (Interlocked.Exchange(ref _background, Ended) == InBackground)
        {
            Leave();
        }
    }
}
