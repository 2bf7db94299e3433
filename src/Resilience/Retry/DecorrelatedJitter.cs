namespace Resilience;

/// <summary>
/// min(cap, U(base, 3·previous)), where the previous delay is the base at first (Marc Brooker, "Exponential Backoff And Jitter", AWS
/// Architecture Blog, 2015). The mean after attempt n, while the cap is far, is base·(2·1.5ⁿ⁺¹ − 1).
/// </summary>
internal sealed class DecorrelatedJitter(TimeSpan baseDelay) : BackoffCurve
{
    internal override bool IsRandom => true;

    public override string ToString() => $"decorrelated jitter from {DurationText.Of(baseDelay)}";

    internal override long Next(int attempt, long cap, ref long state, RandomSource random)
    {
        double from = baseDelay.Ticks;
        var previous = attempt == 0 || state == 0 ? from : state;

        // A cap below the base keeps the previous delay below it too.
        var to = Math.Max(from, 3 * previous);
        return state = Clamp(from + (random.NextDouble() * (to - from)), cap);
    }
}
