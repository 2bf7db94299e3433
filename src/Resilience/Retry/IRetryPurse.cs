namespace Resilience;

/// <summary>What a retry must ask before it tries again: a budget, or nothing. A struct, so that nothing costs nothing.</summary>
internal interface IRetryPurse
{
    /// <summary>Whether code of a user's own may run in it.</summary>
    bool IsForeign { get; }

    /// <summary>The provider whose time it holds; null for none.</summary>
    TimeProvider? TimeProvider { get; }

    /// <summary>A call enters.</summary>
    void OnStart();

    /// <summary>An attempt has ended, under the frame's verdict.</summary>
    void OnAttempt(ref CallFrame frame, ref Slot slot);

    /// <summary>Asks for one more attempt, which is under way only after <see cref="OnAgain"/>.</summary>
    bool TryWithdraw(ref CallFrame frame, ref Slot slot);

    /// <summary>A hook's signal in a form whose failure comes back to the strategy, where something must be given back.</summary>
    ValueTask Watch(ValueTask hook, ref Slot slot);

    /// <summary>Throws what the hook failed with.</summary>
    void ThrowIfFailed(ref Slot slot);

    /// <summary>The attempt that was granted begins.</summary>
    void OnAgain(ref Slot slot);

    /// <summary>The call leaves, once, whatever became of it.</summary>
    void OnEnd(ref Slot slot, bool success);
}
