namespace Resilience.Benchmarks;

/// <summary>
/// The state that a loop hands to its callback. <typeparamref name="TRow"/> is a struct of the row's own: for each the JIT compiles loop,
/// engine and peer anew and profiles them apart, so that no row depends on the rows that ran before it.
/// </summary>
/// <typeparam name="TRow">The row's mark.</typeparam>
internal readonly struct Input<TRow>(int value)
    where TRow : struct
{
    public int Value { get; } = value;
}
