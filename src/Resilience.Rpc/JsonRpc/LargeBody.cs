namespace Resilience.Rpc;

/// <summary>
/// The right to keep one answer whole, shared by calls that are likely to bring the same: of several large answers one is kept, and of the others
/// no more than a bound. The first that grows past that takes it; it is free again when that reply is disposed of or was no result. Safe for
/// concurrent use; allocates nothing.
/// </summary>
public sealed class LargeBody
{
    private const int DefaultBytes = 64 << 10;
    private int _isTaken;

    /// <summary>A right that nobody has taken.</summary>
    /// <param name="othersRetainBytes">
    /// The most bytes that are kept of an answer without it, where <see cref="JsonRpcOptions.RetainBytes"/> is not less: from 0 to 2³⁰.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public LargeBody(int othersRetainBytes = DefaultBytes)
    {
        Limits.Check(nameof(othersRetainBytes), othersRetainBytes, 0, 1 << 30);
        OthersRetainBytes = othersRetainBytes;
    }

    /// <summary>The most bytes that are kept of an answer without it.</summary>
    public int OthersRetainBytes { get; }

    /// <summary>Whether a reply has it now.</summary>
    public bool IsTaken => Volatile.Read(ref _isTaken) != 0;

    internal bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    internal void Release() => Volatile.Write(ref _isTaken, 0);
}
