namespace Resilience;

/// <summary>
/// What a strategy remembers of one call: the frame has one slot for each position of the pipeline, so that a strategy may stand in
/// many pipelines, and twice in one. Empty when <see cref="Strategy.TryEnter"/> is asked; its meaning belongs to the strategy alone.
/// </summary>
/// <remarks>The fields are mutable and public because a slot is only ever reached by reference, on the hot path.</remarks>
public struct Slot
{
    /// <summary>An object: a permit's owner, a registration.</summary>
    public object? Reference;

    /// <summary>A number: a lease, an attempt count.</summary>
    public long First;

    /// <summary>A second number: a clock reading, an earlier deadline.</summary>
    public long Second;
}
