namespace Resilience;

/// <summary>
/// Where an exception goes that nobody can catch: it is raised as <see cref="TaskScheduler.UnobservedTaskException"/>, where processes
/// already look for such.
/// </summary>
internal static class UnobservedFault
{
    // A faulted task that is dropped raises the event when it is collected.
    internal static void Report(Exception exception) => _ = Task.FromException(exception);
}
