namespace Resilience;

/// <summary>
/// A strategy that runs the inner part of a call itself, and sees its results: to hold something around it (an activity, a scope), to run it more than once
/// at a time, or to leave it behind. Only pipelines that contain one pay for it.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
/// <remarks>
/// One instance serves all calls at once. The strategies outside see the outcome under a verdict of its own: classified, unless it is the
/// exception of a run whose verdict was read from its source, as a deadline is, or a strategy's own failure.
/// </remarks>
public abstract class WrappingStrategy<T> : Strategy
{
    /// <inheritdoc/>
    protected WrappingStrategy(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    /// <remarks>False, unless <see cref="Execute"/> is overridden together with this.</remarks>
    public override bool SupportsSynchronousCalls => false;

    internal sealed override bool Wraps => true;

    /// <inheritdoc/>
    protected internal sealed override Entry TryEnter(ref CallFrame frame, ref Slot slot) => CallTurn.AskOtherwise;

    /// <summary>Runs the inner part, or does not, and gives the outcome of the call at this position.</summary>
    /// <param name="inner">The strategies further in and the callback.</param>
    protected internal abstract ValueTask<Outcome<T>> ExecuteAsync(Inner<T> inner);

    /// <summary>The same for a synchronous call.</summary>
    /// <param name="inner">The strategies further in and the callback.</param>
    protected internal virtual Outcome<T> Execute(Inner<T> inner) =>
        throw new NotSupportedException($"The strategy '{Name}' says that it supports synchronous calls but does not override Execute.");
}
