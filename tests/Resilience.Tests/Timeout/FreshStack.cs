using System.Threading.Tasks.Sources;

namespace Resilience.Tests.Timeouts;

/// <summary>
/// Each test starts on a stack of its own. Otherwise it may run within the completion of the call that the test before awaited, where calls
/// do not resume inline, and a step of the manual clock would return before all that follows has happened.
/// </summary>
/// <remarks>
/// Never over when it is first looked at: a task that merely yields may be, where the thread that looks has lost its processor meanwhile, and
/// the test would run on the old stack after all.
/// </remarks>
public abstract class FreshStack : IAsyncLifetime, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _begun = new() { RunContinuationsAsynchronously = true };

    public ValueTask InitializeAsync() => new(this, _begun.Version);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _begun.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _begun.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _begun.OnCompleted(continuation, state, token, flags);
        _begun.SetResult(true);
    }
}
