namespace Resilience.Caching;

/// <summary>The cancellation of one factory call, which may create the values of several keys: cancelled when nobody waits for any of them.</summary>
internal sealed class CancelScope(int flights)
{
    // Never disposed: it has no timer, and a factory may keep its token.
    private readonly CancellationTokenSource _source = new();
    private int _flights = flights;

    internal CancellationToken Token => _source.Token;

    /// <summary>One key more.</summary>
    internal void Enter() => Interlocked.Increment(ref _flights);

    /// <summary>Nobody waits for one of the keys any more.</summary>
    internal void Abandon()
    {
        if (Interlocked.Decrement(ref _flights) == 0)
        {
            try
            {
                _source.Cancel();
            }
            catch (Exception exception)
            {
                // What a factory hangs on its token is its own: who leaves learns why he leaves.
                UnobservedFault.Report(exception);
            }
        }
    }
}
