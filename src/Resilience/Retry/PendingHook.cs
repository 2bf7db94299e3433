using System.Runtime.ExceptionServices;

namespace Resilience;

/// <summary>A hook under way whose failure is kept for the strategy, which would not be told of a wait that fails.</summary>
internal sealed class PendingHook
{
    private ExceptionDispatchInfo? _failure;

    internal async ValueTask WatchAsync(ValueTask hook)
    {
        try
        {
            await hook.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    internal void ThrowIfFailed() => _failure?.Throw();
}
