namespace Resilience.Benchmarks;

/// <summary>
/// The state that a loop hands to its callback. <typeparamref name="TRow"/> is a struct of the row's own: for each the JIT compiles loop,
/// engine and peer anew and profiles them apart, so that no row depends on the rows that ran before it.
/// </summary>
/// <typeparam name="TRow">The row's mark.</typeparam>
internal readonly struct Input<TRow>
    where TRow : struct
{
    private Input(Reply reply) => Reply = reply;

    /// <summary>The state of a call that fails.</summary>
    public static Input<TRow> Failing => new(Reply.Failure);

    public Reply Reply { get; }

    public bool Fails => Reply.IsFailure;

    /// <summary>The state of the call numbered <paramref name="i"/>, which succeeds.</summary>
    public static Input<TRow> For(int i) => new(Reply.For(i));

    /// <summary>The state of the call numbered <paramref name="i"/>, of which one in <paramref name="failsEvery"/> fails.</summary>
    /// <param name="i">The number of the call.</param>
    /// <param name="untilFailure">Counts down; begins at <paramref name="failsEvery"/>.</param>
    /// <param name="failsEvery">Zero for no failures.</param>
    public static Input<TRow> Next(int i, ref int untilFailure, int failsEvery)
    {
        if (--untilFailure != 0)
        {
            return For(i);
        }

        untilFailure = failsEvery;
        return Failing;
    }
}
