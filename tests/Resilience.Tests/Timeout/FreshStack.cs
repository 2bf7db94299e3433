namespace Resilience.Tests.Timeouts;

/// <summary>
/// Each test starts on a stack of its own. Otherwise it may run within the completion of the call that the test before awaited, where calls
/// do not resume inline, and a step of the manual clock would return before all that follows has happened.
/// </summary>
public abstract class FreshStack : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await Task.Yield();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
