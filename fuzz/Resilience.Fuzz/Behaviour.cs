namespace Resilience.Fuzz;

/// <summary>
/// What the running execution was seen to do, as a hash of the facts that its target noted. An input with a new hash enters the corpus;
/// an external engine has its own coverage and ignores this. One hash a thread.
/// </summary>
public static class Behaviour
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    [ThreadStatic]
    private static ulong s_hash;

    /// <summary>Notes a fact. Facts should be few: a branch taken, a magnitude, never a value.</summary>
    /// <param name="fact">The fact.</param>
    public static void Note(int fact) => s_hash = (s_hash ^ unchecked((uint)fact)) * Prime;

    /// <summary>Starts a new execution.</summary>
    internal static void Clear() => s_hash = Offset;

    /// <summary>The hash of the facts noted since <see cref="Clear"/>.</summary>
    internal static ulong Seen => s_hash;
}
