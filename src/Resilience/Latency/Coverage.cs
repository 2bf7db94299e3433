namespace Resilience;

/// <summary>Which interval a reading is about, in nanoseconds since the window was made; the default is none.</summary>
/// <param name="From">The boundary it starts at.</param>
/// <param name="To">The present.</param>
/// <param name="Copied">When the copy that stands for that boundary began: with the first record or reading after it.</param>
/// <param name="Blur">How long the copy took: records made during it may be missing.</param>
internal readonly record struct Coverage(long From, long To, long Copied, long Blur);
