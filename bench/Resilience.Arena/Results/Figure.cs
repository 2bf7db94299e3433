namespace Resilience.Arena;

/// <summary>A row of the final table: what it is called, what it means, and what it says of a lane. One list serves terminal and report.</summary>
internal sealed record Figure(string Title, string Explanation, Func<LaneResult, string> Text);
