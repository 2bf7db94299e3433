namespace Resilience;

/// <summary>
/// One layer of a pipeline that decides by verdict, error, deadline and attempt number, whatever the type of the result. It is asked on
/// the way in and told on the way out; it never calls the callback itself. Derive from <see cref="Strategy{T}"/> to see results, from
/// <see cref="WrappingStrategy"/> to run the inner part yourself.
/// </summary>
/// <remarks>
/// One instance serves all calls of all pipelines it stands in, at once: what belongs to a call goes into the <see cref="Slot"/>.
/// What an override throws fails the call with that exception; the strategies that were entered are left all the same.
/// </remarks>
public abstract class Strategy
{
    /// <summary>A strategy named <paramref name="name"/>.</summary>
    /// <param name="name">The name in descriptions, rejections and errors.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    protected Strategy(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The name in descriptions, rejections and errors.</summary>
    public string Name { get; }

    /// <summary>The options it was built with, for descriptions; null if it has none.</summary>
    public virtual object? Options => null;

    /// <summary>Whether a synchronous <c>Execute</c> may pass. When false, the first one is refused, naming this strategy.</summary>
    public virtual bool SupportsSynchronousCalls => true;

    /// <summary>The provider whose time it holds, which must then be the pipeline's own; null if it takes the pipeline's.</summary>
    public virtual TimeProvider? TimeProvider => null;

    /// <summary>
    /// Whether user code may run inside it. The ambient state (<see cref="AsyncLocal{T}"/>) of the caller is then guarded against what
    /// that code sets.
    /// </summary>
    protected internal virtual bool RunsForeignCode => true;

    internal virtual bool SeesValue => false;

    internal virtual bool Wraps => false;

    internal virtual bool HasOwnClassifier => false;

    /// <summary>
    /// Whether a call that ends with a plain success at once leaves it as it was and leaves nothing in it: such a call need not ask it.
    /// </summary>
    internal virtual bool IgnoresSuccess => false;

    /// <summary>How often it answers "again" without a wait, to every verdict that asks for it and without looking at anything else.</summary>
    internal virtual int RetriesAtOnce => 0;

    internal virtual bool NeedsFineClock => false;

    /// <summary>The hedging strategy that this is, or that this puts under a classifier of its own.</summary>
    internal virtual HedgingStrategy? Hedging => null;

    /// <summary>Whether attempts may go on after the call that it is in.</summary>
    internal virtual bool LeavesAttempts => Hedging is not null;

    /// <summary>The time that it allows, if it sets deadlines, or <see cref="VariesByCall"/>: then the frame knows.</summary>
    internal virtual TimeSpan OwnTimeout => TimeSpan.Zero;

    internal static TimeSpan VariesByCall => Timeout.InfiniteTimeSpan;

    /// <summary>Asked on the way in, with an empty slot. What it throws means: not entered.</summary>
    /// <param name="frame">The call.</param>
    /// <param name="slot">What this position remembers of the call.</param>
    protected internal virtual Entry TryEnter(ref CallFrame frame, ref Slot slot) => Entry.Go;

    /// <summary>Asked after the wait that <see cref="TryEnter"/> or this method asked for has ended well.</summary>
    /// <param name="frame">The call.</param>
    /// <param name="slot">What this position remembers of the call.</param>
    protected internal virtual Entry ResumeEnter(ref CallFrame frame, ref Slot slot) => Entry.Go;

    /// <summary>Told of the outcome that passes on the way out; a strategy that answers "again" is told once an attempt.</summary>
    /// <param name="frame">The call.</param>
    /// <param name="slot">What this position remembers of the call.</param>
    protected internal virtual Exit Leave(ref CallFrame frame, ref Slot slot) => Exit.Continue;

    /// <summary>Asked after the wait that <see cref="Leave"/> or this method asked for has ended well.</summary>
    /// <param name="frame">The call.</param>
    /// <param name="slot">What this position remembers of the call.</param>
    protected internal virtual Exit ResumeLeave(ref CallFrame frame, ref Slot slot) => Exit.Continue;

    /// <summary>The verdict of a classifier of its own on an outcome that has a verdict of the pipeline's.</summary>
    internal virtual Verdict JudgeAlone<T>(in Outcome<T> outcome, Verdict verdict) => verdict;

    /// <inheritdoc/>
    public override string ToString() => Options is { } options ? $"{Name}: {options}" : Name;
}
