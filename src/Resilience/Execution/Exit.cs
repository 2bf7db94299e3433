namespace Resilience;

/// <summary>What a strategy answers when an outcome passes it on the way out.</summary>
public enum Exit : byte
{
    /// <summary>The outcome goes on outward.</summary>
    Continue,

    /// <summary>
    /// Discard the outcome and run what is inside this strategy again, after <see cref="CallFrame.Delay"/>. The strategy stays entered. Counts
    /// as "continue" where the callback has forbidden another attempt, or the one before was stopped by what would stop the next one.
    /// </summary>
    Again,

    /// <summary>The strategy has put another outcome in place; it is classified anew and goes on outward.</summary>
    Replace,

    /// <summary>The call must wait (<see cref="CallFrame.WaitFor(TimeSpan)"/>); <see cref="Strategy.ResumeLeave"/> is asked next.</summary>
    Wait,
}
