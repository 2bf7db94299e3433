namespace Resilience;

/// <summary>What a fallback gives instead of an outcome; made by <see cref="Fallback"/>. Immutable and safe for concurrent use.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public abstract class FallbackAction<T>
{
    private protected FallbackAction()
    {
    }

    /// <summary>Whether it is done when it returns.</summary>
    internal virtual bool IsSynchronous => true;

    internal abstract ValueTask<Outcome<T>> RunAsync(in FallbackEvent<T> occasion);

    internal sealed class Ready(T value) : FallbackAction<T>
    {
        internal Outcome<T> Outcome => Resilience.Outcome.FromResult(value);

        public override string ToString() => $"{value}";

        internal override ValueTask<Outcome<T>> RunAsync(in FallbackEvent<T> occasion) => new(Outcome);
    }

    internal sealed class Made<TState>(Func<TState, FallbackEvent<T>, T> factory, TState state) : FallbackAction<T>
    {
        public override string ToString() => "factory";

        internal override ValueTask<Outcome<T>> RunAsync(in FallbackEvent<T> occasion) =>
            new(Resilience.Outcome.FromResult(factory(state, occasion)));
    }

    internal sealed class Awaited<TState>(Func<TState, FallbackEvent<T>, ValueTask<T>> factory, TState state) : FallbackAction<T>
    {
        internal override bool IsSynchronous => false;

        public override string ToString() => "asynchronous factory";

        internal override ValueTask<Outcome<T>> RunAsync(in FallbackEvent<T> occasion)
        {
            var task = factory(state, occasion);
            return task.IsCompletedSuccessfully
                ? new ValueTask<Outcome<T>>(Resilience.Outcome.FromResult(task.GetAwaiter().GetResult()))
                : AwaitAsync(task);
        }

        private static async ValueTask<Outcome<T>> AwaitAsync(ValueTask<T> task) =>
            Resilience.Outcome.FromResult(await task.ConfigureAwait(false));
    }

    internal sealed class Called(string? name, Func<CancellationToken, ValueTask<Outcome<T>>> call) : FallbackAction<T>
    {
        internal override bool IsSynchronous => false;

        public override string ToString() => $"call through {name ?? "pipeline"}";

        internal override ValueTask<Outcome<T>> RunAsync(in FallbackEvent<T> occasion) => call(occasion.Context.CancellationToken);
    }
}
