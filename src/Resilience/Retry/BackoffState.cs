namespace Resilience;

/// <summary>
/// What a <see cref="Backoff"/> remembers of one call between its delays: 64 bits that the caller keeps. <c>default</c> before the first
/// delay. Only the decorrelated forms use it. Not safe for concurrent use: a call has its delays one after another.
/// </summary>
public struct BackoffState
{
    // Written by reference by the schedule, hence not readonly. Zero means that no delay has been given.
    internal long Word;

    /// <summary>The state that was kept as <paramref name="word"/>.</summary>
    internal BackoffState(long word) => Word = word;
}
