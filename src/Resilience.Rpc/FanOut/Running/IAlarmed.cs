namespace Resilience.Rpc;

/// <summary>Who is told when a moment has come.</summary>
internal interface IAlarmed
{
    /// <summary>The moment has come.</summary>
    /// <param name="subject">What it was about.</param>
    /// <param name="wasLate">Whether the machine or the process stood still meanwhile.</param>
    void OnAlarm(int subject, bool wasLate);
}
