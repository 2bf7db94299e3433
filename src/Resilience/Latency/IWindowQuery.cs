namespace Resilience;

/// <summary>What is asked of a window: something that is found in live counts less one snapshot.</summary>
internal interface IWindowQuery
{
    /// <summary>
    /// Answers. The snapshot may be overwritten meanwhile: the answer is then thrown away, and asked for again with a later one.
    /// </summary>
    /// <param name="live">The stripes, whose counts grow while they are read.</param>
    /// <param name="used">The blocks that may hold records.</param>
    /// <param name="start">The counts at the start of the window.</param>
    /// <param name="least">At least so many records were made since, if no bucket has wrapped; may be below zero.</param>
    /// <returns>How many records the answer is about.</returns>
    ulong Answer(AlignedCounts[] live, BlockRange used, Snapshot start, long least);

    /// <summary>Answers for a window of which no snapshot is left.</summary>
    void AnswerNothing();
}
