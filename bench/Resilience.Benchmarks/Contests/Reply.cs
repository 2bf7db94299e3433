namespace Resilience.Benchmarks;

/// <summary>
/// What callbacks return: an object, as a response is. Made beforehand, so that the bytes counted are the libraries' own.
/// </summary>
internal sealed class Reply(int value)
{
    private static readonly Reply[] s_made = [.. Enumerable.Range(0, 64).Select(i => new Reply(i))];

    public int Value { get; } = value;

    /// <summary>A reply for the call numbered <paramref name="i"/>.</summary>
    public static Reply For(int i) => s_made[i & 63];
}
