using System.Globalization;

namespace Resilience.Arena;

/// <summary>A phase in a few words, and the style it is drawn in.</summary>
internal static class PhaseWords
{
    public static string Style(Phase phase) => phase switch
    {
        { Outage: true } => "phase-outage",
        { Calm: true } => "phase-calm",
        _ => "phase-trouble",
    };

    public static string Of(Phase phase)
    {
        var words = new List<string>();
        if (phase.StuckRatio + phase.ErrorRatio + phase.ResetRatio < 1)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"answers in {phase.MedianMs:0.#} ms, 99 of 100 below {phase.P99Ms:0.#} ms"));
        }

        if (phase.StuckRatio > 0)
        {
            words.Add($"{Share(phase.StuckRatio)} hang for {(phase.StuckMs / 1000).ToString("0.##", CultureInfo.InvariantCulture)} s");
        }

        if (phase.ResetRatio > 0)
        {
            words.Add($"{Share(phase.ResetRatio)} are reset");
        }

        if (phase.ErrorRatio > 0)
        {
            words.Add($"{Share(phase.ErrorRatio)} get a {phase.Status}{(phase.RetryAfterSeconds is { } wait ? $" with Retry-After: {wait}" : "")}");
        }

        return string.Join("; ", words);
    }

    private static string Share(double ratio) => (100 * ratio).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
