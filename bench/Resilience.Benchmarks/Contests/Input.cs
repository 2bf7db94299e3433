namespace Resilience.Benchmarks;

/// <summary>
/// The state that a loop hands to its callback. <typeparamref name="TRow"/> is a struct of the row's own: for each the JIT compiles loop,
/// engine and peer anew and profiles them apart, so that no row depends on the rows that ran before it.
/// </summary>
/// <typeparam name="TRow">The row's mark.</typeparam>
internal readonly struct Input<TRow>
    where TRow : struct
{
    private Input(Reply reply, bool fails)
    {
        Reply = reply;
        Fails = fails;
    }

    /// <summary>The state of a call that fails.</summary>
    public static Input<TRow> Failing => new(Reply.For(0), fails: true);

    public Reply Reply { get; }

    public bool Fails { get; }

    /// <summary>The state of the call numbered <paramref name="i"/>, which succeeds.</summary>
    public static Input<TRow> For(int i) => new(Reply.For(i), fails: false);
}
