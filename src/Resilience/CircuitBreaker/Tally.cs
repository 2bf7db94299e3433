namespace Resilience;

/// <summary>What a window holds at one moment. Reports that race may make a field differ from the others by as many as they are.</summary>
internal readonly record struct Tally(long Calls, long Failures, long Slow);
