namespace Resilience.Benchmarks;

/// <summary>
/// What callbacks return: an object, as a response is. Made beforehand, so that the bytes counted are the libraries' own.
/// </summary>
internal sealed class Reply(int value)
{
    private static readonly Reply[] s_made = [.. Enumerable.Range(0, 64).Select(i => new Reply(i))];

    /// <summary>A reply that says that the dependency failed.</summary>
    public static Reply Failure { get; } = new(-1);

    public int Value { get; } = value;

    public bool IsFailure => Value < 0;

    /// <summary>A good reply for the call numbered <paramref name="i"/>.</summary>
    public static Reply For(int i) => s_made[i & 63];
}
