namespace Resilience.Arena;

/// <summary>
/// A row of the final table: what it is, whether more or less is better (null when neither), how to read it from a lane, and how to
/// write it. One list serves the terminal and the report.
/// </summary>
internal sealed record Figure(string Title, string Explanation, bool? MoreIsBetter, Func<LaneResult, double?> Value, Func<LaneResult, string> Text);
