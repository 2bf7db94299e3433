namespace Resilience;

/// <summary>Makes what a fallback gives: a value, what a factory makes, or a call through another pipeline.</summary>
public static class Fallback
{
    /// <summary>The same value each time, at no cost; also when the deadline has passed.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="value">The value; not one that is disposed, since many calls would be given the same.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is <see cref="IDisposable"/> or <see cref="IAsyncDisposable"/>.</exception>
    public static FallbackAction<T> Value<T>(T value) => value is IDisposable or IAsyncDisposable
        ? throw new ArgumentException(
            $"value is a {value.GetType().Name}, which is disposed by whoever is given it: many calls would be given the same. Use From.",
            nameof(value))
        : new FallbackAction<T>.Ready(value);

    /// <summary>What <paramref name="factory"/> makes at once; works in synchronous calls, too.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="factory">Is given the outcome that it stands in for.</param>
    public static FallbackAction<T> From<T>(Func<FallbackEvent<T>, T> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new FallbackAction<T>.Made<Func<FallbackEvent<T>, T>>(static (make, occasion) => make(occasion), factory);
    }

    /// <summary>What <paramref name="factory"/> makes at once of a state, so that it need not capture anything.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="factory">Is given the state and the outcome that it stands in for.</param>
    /// <param name="state">Handed to each call of the factory; those may run side by side.</param>
    public static FallbackAction<T> From<TState, T>(Func<TState, FallbackEvent<T>, T> factory, TState state)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new FallbackAction<T>.Made<TState>(factory, state);
    }

    /// <summary>What <paramref name="factory"/> makes when it is awaited. Synchronous calls refuse it by name.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="factory">Is given the outcome that it stands in for, and a context whose token it must heed.</param>
    public static FallbackAction<T> FromAsync<T>(Func<FallbackEvent<T>, ValueTask<T>> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new FallbackAction<T>.Awaited<Func<FallbackEvent<T>, ValueTask<T>>>(static (make, occasion) => make(occasion), factory);
    }

    /// <summary>What <paramref name="factory"/> makes of a state when it is awaited. Synchronous calls refuse it by name.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="factory">Is given the state, the outcome that it stands in for, and a context whose token it must heed.</param>
    /// <param name="state">Handed to each call of the factory; those may run side by side.</param>
    public static FallbackAction<T> FromAsync<TState, T>(Func<TState, FallbackEvent<T>, ValueTask<T>> factory, TState state)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new FallbackAction<T>.Awaited<TState>(factory, state);
    }

    /// <summary>A call through another pipeline, which judges it by its own classifier. Synchronous calls refuse it by name.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="pipeline">The pipeline; its caller's token is that of the fallback's level, with its deadline.</param>
    /// <param name="callback">What to call.</param>
    /// <param name="state">Handed to each call.</param>
    public static FallbackAction<T> Call<TState, T>(
        Pipeline<T> pipeline, Func<TState, CancellationToken, ValueTask<T>> callback, TState state)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(callback);
        return new FallbackAction<T>.Called(pipeline.Name, token => pipeline.ExecuteOutcomeAsync(callback, state, token));
    }

    /// <inheritdoc cref="Call{TState, T}(Pipeline{T}, Func{TState, CancellationToken, ValueTask{T}}, TState)"/>
    public static FallbackAction<T> Call<TState, T>(
        Pipeline pipeline, Func<TState, CancellationToken, ValueTask<T>> callback, TState state)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(callback);
        return new FallbackAction<T>.Called(pipeline.Name, token => pipeline.ExecuteOutcomeAsync(callback, state, token));
    }
}
