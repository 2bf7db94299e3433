namespace Resilience;

/// <summary>How a phase answers a call that asks to go through.</summary>
internal enum Admission : byte
{
    /// <summary>It may.</summary>
    Admitted,

    /// <summary>It may not.</summary>
    Refused,

    /// <summary>The phase is over: ask the one that follows.</summary>
    Over,
}
