using System.Diagnostics.CodeAnalysis;

namespace Resilience.Caching;

/// <summary>
/// One value on its way, and those who wait for it. Who waits counts himself in and out; the last one's leaving closes it and gives up the
/// factory's call, unless it has been taken to the background.
/// </summary>
[SuppressMessage("Usage", "VSTHRD003", Justification = "Everybody who waits for the value awaits the one task.")]
internal sealed class CacheFlight<TValue>
{
    private const int Closed = -1;
    private readonly TaskCompletionSource<Created<TValue>> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancelScope _scope;

    // How many wait, with one more for a background; closed when the last has left.
    private int _waiting = 1;
    private int _background;
    private int _superseded;

    internal CacheFlight(CancelScope scope) => _scope = scope;

    internal Task<Created<TValue>> End => _end.Task;

    internal CancellationToken Token => _scope.Token;

    /// <summary>Whether its key has been set or removed meanwhile, so that its value must not be stored.</summary>
    internal bool IsSuperseded => Volatile.Read(ref _superseded) != 0;

    /// <summary>Counts somebody in; false if it has been given up.</summary>
    internal bool TryJoin()
    {
        while (true)
        {
            var waiting = Volatile.Read(ref _waiting);
            if (waiting == Closed)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _waiting, waiting + 1, waiting) == waiting)
            {
                return true;
            }
        }
    }

    /// <summary>Counts somebody out.</summary>
    /// <returns>Whether that was the last, so that it is closed now.</returns>
    internal bool Leave()
    {
        while (true)
        {
            var waiting = Volatile.Read(ref _waiting);
            if (waiting == Closed)
            {
                return false;
            }

            var left = waiting == 1 ? Closed : waiting - 1;
            if (Interlocked.CompareExchange(ref _waiting, left, waiting) != waiting)
            {
                continue;
            }

            if (left == Closed && !_end.Task.IsCompleted)
            {
                _scope.Abandon();
            }

            return left == Closed;
        }
    }

    /// <summary>Lets it go on when nobody waits. It counts itself in until it ends.</summary>
    internal void TakeToBackground()
    {
        if (Interlocked.Exchange(ref _background, 1) == 0 && !TryJoin())
        {
            Volatile.Write(ref _background, 0);
        }
    }

    internal void Supersede() => Volatile.Write(ref _superseded, 1);

    internal void Complete(Created<TValue> created)
    {
        _end.TrySetResult(created);
        if (Interlocked.Exchange(ref _background, 0) != 0)
        {
            Leave();
        }
    }
}
