namespace Resilience.Tests.Execution;

/// <summary>
/// Tests that expect a call to go on inside of what ends its wait. They begin on a stack of their own: the runner may go on from one test to
/// the next inside the end of a call that the first one awaited, and from there no other call is resumed inline.
/// </summary>
public abstract class FreshStack : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await Task.Yield();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }
}
