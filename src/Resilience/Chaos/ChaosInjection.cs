namespace Resilience;

/// <summary>
/// What chaos does to an attempt before its callback starts: it delays it, fails it, gives it an outcome, or runs code of yours. Several are
/// combined by weights or by a choice of yours. Immutable and safe for concurrent use.
/// </summary>
public abstract class ChaosInjection
{
    private protected ChaosInjection()
    {
    }

    /// <summary>The type of the result that it gives; null if it gives none, and fits every pipeline.</summary>
    internal virtual Type? ResultType => null;

    /// <summary>Whether it may run code of a user's own.</summary>
    internal virtual bool IsForeign => true;

    /// <summary>Waits before the attempt goes on.</summary>
    /// <param name="latency">How long; at least zero. It ends early when the caller cancels or the deadline passes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="latency"/> is below zero.</exception>
    public static ChaosInjection Latency(TimeSpan latency) => latency >= TimeSpan.Zero
        ? new Injections.Latency(latency, null)
        : throw new ArgumentOutOfRangeException(
            nameof(latency), latency, $"latency is {DurationText.Of(latency)}: it must be at least zero.");

    /// <summary>Waits before the attempt goes on.</summary>
    /// <param name="generator">How long; below zero counts as zero.</param>
    public static ChaosInjection Latency(Func<ChaosCall, TimeSpan> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new Injections.Latency(default, generator);
    }

    /// <summary>Fails the attempt with an exception, which is not thrown on the way and is classified as any other.</summary>
    /// <param name="generator">Makes the exception; null lets the attempt go on.</param>
    public static ChaosInjection Fault(Func<ChaosCall, Exception?> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new Injections.Fault(generator);
    }

    /// <summary>Ends the attempt with a result, in a <see cref="Pipeline{T}"/>.</summary>
    /// <typeparam name="T">The pipeline's type of result.</typeparam>
    /// <param name="generator">Makes the result.</param>
    public static ChaosInjection Result<T>(Func<ChaosCall, T> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new Injections.Ending<T>(call => Outcome.FromResult(generator(call)));
    }

    /// <summary>Ends the attempt with an outcome, in a <see cref="Pipeline{T}"/>.</summary>
    /// <typeparam name="T">The pipeline's type of result.</typeparam>
    /// <param name="generator">Makes the outcome.</param>
    public static ChaosInjection Ending<T>(Func<ChaosCall, Outcome<T>> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new Injections.Ending<T>(generator);
    }

    /// <summary>Runs code of yours before the attempt goes on. What it throws fails the call.</summary>
    /// <param name="behaviour">What to do; in a synchronous call it must complete at once.</param>
    public static ChaosInjection Behaviour(Func<ChaosCall, ValueTask> behaviour)
    {
        ArgumentNullException.ThrowIfNull(behaviour);
        return new Injections.Behaviour(behaviour);
    }

    /// <summary>One of several, each as often as its weight says.</summary>
    /// <param name="choices">Weights, at least zero and finite, of which one is above zero; and what they stand for.</param>
    /// <exception cref="ArgumentException">A weight is out of range, or all are zero.</exception>
    public static ChaosInjection Weighted(params (double Weight, ChaosInjection Injection)[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return new Injections.Weighted(choices);
    }

    /// <summary>One of several, which a generator chooses.</summary>
    /// <param name="generator">The place of the choice; below zero lets the attempt go on.</param>
    /// <param name="choices">What to choose from.</param>
    /// <exception cref="ArgumentException">There is nothing to choose from.</exception>
    public static ChaosInjection Chosen(Func<ChaosCall, int> generator, params ChaosInjection[] choices)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(choices);
        return new Injections.Chosen(generator, choices);
    }

    /// <summary>The injection that one attempt gets; null for none.</summary>
    internal virtual ChaosInjection? Pick(ref CallFrame frame, RandomSource random) => this;

    /// <summary>What it does to the attempt. One that gives a result does so in <see cref="ChaosStrategy{T}"/>.</summary>
    internal virtual Entry Inject(ref CallFrame frame) => Entry.Go;
}
