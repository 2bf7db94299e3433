namespace Resilience;

/// <summary>What a strategy answers when a call asks to enter.</summary>
public enum Entry : byte
{
    /// <summary>The call may go on inward; the strategy will be left exactly once.</summary>
    Go,

    /// <summary>The call is refused (<see cref="CallFrame.Refuse"/>); the strategy does not count as entered.</summary>
    Refuse,

    /// <summary>
    /// The call is over with an outcome of the strategy's own: a result set by a <see cref="Strategy{T}"/>, or an exception
    /// (<see cref="CallFrame.Fail"/>). The strategy does not count as entered.
    /// </summary>
    Finish,

    /// <summary>
    /// The call must wait (<see cref="CallFrame.WaitFor(TimeSpan)"/>); <see cref="Strategy.ResumeEnter"/> is asked next.
    /// If the wait fails, or a delay is cut short, the strategy does not count as entered. After a signal it is asked even if the caller has
    /// cancelled meanwhile: what it then holds it gives back when it is left.
    /// </summary>
    Wait,
}
