namespace Resilience.Arena;

/// <summary>
/// What the upstream does to one request. It depends on seed, phase, call number and attempt number only, so attempt 2 of call 417
/// meets the same fate whoever sends it: contestants are compared on the same luck.
/// </summary>
internal readonly record struct Fate(FateKind Kind, double DelayMs)
{
    private const double NormalAt99 = 2.3263478740408408;

    public static Fate Of(Phase phase, int seed, int call, int attempt)
    {
        var dice = new Dice(seed, call, attempt);
        double kind = dice.Next();
        if (kind < phase.ResetRatio)
        {
            return new Fate(FateKind.Reset, Delay(phase, ref dice));
        }

        if (kind < phase.ResetRatio + phase.ErrorRatio)
        {
            return new Fate(FateKind.Error, Delay(phase, ref dice));
        }

        return kind < phase.ResetRatio + phase.ErrorRatio + phase.StuckRatio
            ? new Fate(FateKind.Stuck, phase.StuckMs)
            : new Fate(FateKind.Good, Delay(phase, ref dice));
    }

    private static double Delay(Phase phase, ref Dice dice)
    {
        if (phase.MedianMs <= 0)
        {
            return 0;
        }

        // The tail is cut at three times the 99th percentile: a bounded run must not wait for one draw in a million.
        double sigma = Math.Log(phase.P99Ms / phase.MedianMs) / NormalAt99;
        return Math.Min(phase.MedianMs * Math.Exp(sigma * dice.NextNormal()), 3 * phase.P99Ms);
    }
}
