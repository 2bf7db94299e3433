namespace Resilience;

/// <summary>
/// Exponential growth whose delays come from one smooth curve sampled at random moments: with t = attempt + U and
/// f(t) = 2ᵗ·tanh(√(4t)), the delay is (f(t) − f(previous t)) / 1.4 · median. The sum of the delays so far is f(t) and so never drifts
/// from the exponential. Formula by George Polevoy, constants by Dylan Reisenberger (App-vNext/Polly, issue 530).
/// </summary>
internal sealed class SmoothedDecorrelatedJitter(TimeSpan median) : BackoffCurve
{
    private const double ToMedian = 1 / 1.4;
    private const double Smoothing = 4;
    private const double BeyondEveryCap = 1000;

    internal override bool IsRandom => true;

    public override string ToString() => $"smoothed decorrelated jitter around {DurationText.Of(median)}";

    internal override long Next(int attempt, long cap, ref long state, RandomSource random)
    {
        var t = attempt + random.NextDouble();
        var previous = attempt == 0 ? 0 : BitConverter.Int64BitsToDouble(state);
        state = BitConverter.DoubleToInt64Bits(t);

        // f(t) − f(previous) with 2ᵗ drawn out of both: f alone is infinite from attempt 1,024, and the difference not a number.
        var growth = Shape(t) - (Math.Pow(2, previous - t) * Shape(previous));
        return Clamp(Math.Pow(2, Math.Min(t, BeyondEveryCap)) * growth * ToMedian * median.Ticks, cap);
    }

    private static double Shape(double t) => Math.Tanh(Math.Sqrt(Smoothing * t));
}
