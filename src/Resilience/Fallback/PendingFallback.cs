namespace Resilience;

/// <summary>A fallback's action under way. Its failure is an outcome like any other, so the wait for it does not fail.</summary>
internal sealed class PendingFallback<T>
{
    internal Outcome<T> Outcome { get; private set; }

    internal async ValueTask WatchAsync(ValueTask<Outcome<T>> action)
    {
        try
        {
            Outcome = await action.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Outcome = Resilience.Outcome.FromException<T>(exception);
        }
    }
}
