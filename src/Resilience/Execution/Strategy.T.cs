namespace Resilience;

/// <summary>A strategy that sees the outcome's value: it may finish a call with a result of its own, or replace one on the way out.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
/// <remarks>
/// A result that is replaced or discarded is disposed by the pipeline if it is <see cref="IDisposable"/>, or else <see cref="IAsyncDisposable"/>;
/// the call does not wait for the latter.
/// </remarks>
public abstract class Strategy<T> : Strategy
{
    /// <inheritdoc/>
    protected Strategy(string name)
        : base(name)
    {
    }

    internal sealed override bool SeesValue => true;

    /// <summary>
    /// Asked first, without a place for an outcome. Override it to say go where there is nothing to finish, which costs a call least; what
    /// the base answers has <see cref="TryEnter(ref CallFrame, ref Slot, ref Outcome{T})"/> asked.
    /// </summary>
    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot) => CallTurn.AskOtherwise;

    /// <summary>
    /// Told first, without the outcome. Override it to let pass what the verdict alone says to let pass, which costs a call least; what the
    /// base answers has <see cref="Leave(ref CallFrame, ref Slot, ref Outcome{T})"/> told.
    /// </summary>
    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot) => CallTurn.TellOtherwise;

    /// <inheritdoc/>
    protected internal sealed override Entry ResumeEnter(ref CallFrame frame, ref Slot slot) => CallTurn.AskOtherwise;

    /// <inheritdoc/>
    protected internal sealed override Exit ResumeLeave(ref CallFrame frame, ref Slot slot) => CallTurn.TellOtherwise;

    /// <summary>Asked on the way in; set <paramref name="outcome"/> and answer <see cref="Entry.Finish"/> to end the call here.</summary>
    /// <param name="frame">The call.</param>
    /// <param name="slot">What this position remembers of the call.</param>
    /// <param name="outcome">Where an outcome of the strategy's own goes.</param>
    protected internal virtual Entry TryEnter(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome) => Entry.Go;

    /// <summary>Asked after the wait that <see cref="TryEnter(ref CallFrame, ref Slot, ref Outcome{T})"/> asked for has ended well.</summary>
    /// <param name="frame">The call.</param>
    /// <param name="slot">What this position remembers of the call.</param>
    /// <param name="outcome">Where an outcome of the strategy's own goes.</param>
    protected internal virtual Entry ResumeEnter(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome) => Entry.Go;

    /// <summary>Told of the outcome; set another one and answer <see cref="Exit.Replace"/> to put it in place.</summary>
    /// <param name="frame">The call.</param>
    /// <param name="slot">What this position remembers of the call.</param>
    /// <param name="outcome">The outcome that passes.</param>
    protected internal virtual Exit Leave(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome) => Exit.Continue;

    /// <summary>Asked after the wait that <see cref="Leave(ref CallFrame, ref Slot, ref Outcome{T})"/> asked for has ended well.</summary>
    /// <param name="frame">The call.</param>
    /// <param name="slot">What this position remembers of the call.</param>
    /// <param name="outcome">The outcome that passes.</param>
    protected internal virtual Exit ResumeLeave(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome) => Exit.Continue;
}
