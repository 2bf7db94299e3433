namespace Resilience;

/// <summary>Which records an answer of a tracker is about. The default is an answer about none.</summary>
/// <param name="Count">How many records.</param>
/// <param name="Overflowed">How many of them were longer than 3,607 s; their duration is told as that.</param>
/// <param name="Covered">
/// How far back the answer reaches. Normally from the window less one slice up to the window; less in a young tracker, and when the copy of
/// the counts at that boundary is late or overwritten. Within 17 ms where slices last from a second to a minute. Zero for a tracker that counts
/// its last records.
/// </param>
/// <param name="Blur">
/// How long that copy took, and so how much at the beginning is uncertain: records made during it may be missing. Microseconds, unless the
/// copying thread was suspended, and less than a slice.
/// </param>
public readonly record struct WindowReading(long Count, long Overflowed, TimeSpan Covered, TimeSpan Blur);
