namespace Resilience.Caching;

/// <summary>How one caller would create a value.</summary>
internal readonly record struct Creation<TValue, TState>(
    TState State, Func<TState, CancellationToken, ValueTask<TValue>> Factory, CacheEntryOptions? Options)
{
    internal ValueTask<TValue> CallAsync(Pipeline? pipeline, CancellationToken token) =>
        pipeline is null ? Factory(State, token) : pipeline.ExecuteAsync(Factory, State, token);
}
