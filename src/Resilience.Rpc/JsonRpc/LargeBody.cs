namespace Resilience.Rpc;

/// <summary>
/// The right to keep one answer whole, shared by calls that are likely to bring the same: of several large answers one is kept, and of the others
/// no more than <see cref="JsonRpcOptions.RetainBytes"/>. The first that grows past that takes it; it is free again when that reply is
/// disposed of or was no result. Safe for concurrent use; allocates nothing.
/// </summary>
public sealed class LargeBody
{
    private int _isTaken;

    /// <summary>Whether a reply has it now.</summary>
    public bool IsTaken => Volatile.Read(ref _isTaken) != 0;

    internal bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    internal void Release() => Volatile.Write(ref _isTaken, 0);
}
