using System.Diagnostics;

namespace Resilience.Tests.Execution.Examples;

/// <summary>A strategy of a user's own that wraps: it holds an activity around what is inside.</summary>
/// <remarks>Outside this assembly, which sees the internals of the library, the override is just "protected".</remarks>
public sealed class Traced(ActivitySource source) : WrappingStrategy("traced")
{
    protected internal override async ValueTask<Outcome<T>> ExecuteAsync<T>(Inner<T> inner)
    {
        using var activity = source.StartActivity(inner.OperationName ?? "call");
        var outcome = await inner.ExecuteAsync().ConfigureAwait(false);
        activity?.SetStatus(outcome.HasResult ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        return outcome;
    }
}
