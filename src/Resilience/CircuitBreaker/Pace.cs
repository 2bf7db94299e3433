namespace Resilience;

/// <summary>What a report knows about the duration of its call.</summary>
internal enum Pace : byte
{
    /// <summary>Nothing: whoever takes the report measures, if a start was taken.</summary>
    Unknown,

    /// <summary>Not slow.</summary>
    Brisk,

    /// <summary>Slow.</summary>
    Slow,
}
