namespace Resilience;

/// <summary>A retry without a budget.</summary>
internal readonly struct NoPurse : IRetryPurse
{
    public bool IsForeign => false;

    public TimeProvider? TimeProvider => null;

    public void OnStart()
    {
    }

    public void OnAttempt(ref CallFrame frame, ref Slot slot)
    {
    }

    public bool TryWithdraw(ref CallFrame frame, ref Slot slot) => true;

    public ValueTask Watch(ValueTask hook, ref Slot slot) => hook;

    public void ThrowIfFailed(ref Slot slot)
    {
    }

    public void OnAgain(ref Slot slot)
    {
    }

    public void OnEnd(ref Slot slot, bool success)
    {
    }
}
