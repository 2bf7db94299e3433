using System.Globalization;

namespace Resilience;

/// <summary>
/// The course of a schedule before jitter: attempt number in, ticks out. Immutable and safe for concurrent use; a step allocates nothing
/// and takes constant time. Where the course grows beyond the cap it is the cap: no attempt number overflows.
/// </summary>
internal abstract class BackoffCurve
{
    /// <summary>Whether the course is random by itself, so that a jitter on top of it would spoil its distribution.</summary>
    internal virtual bool IsRandom => false;

    /// <summary>The delay after <paramref name="attempt"/>.</summary>
    /// <param name="attempt">The attempt that failed, from 0.</param>
    /// <param name="cap">The longest delay, in ticks.</param>
    /// <param name="state">What the course remembers of this call.</param>
    /// <param name="random">Where a random course draws from.</param>
    /// <returns>Ticks from 0 to <paramref name="cap"/>.</returns>
    internal abstract long Next(int attempt, long cap, ref long state, RandomSource random);

    /// <summary>Rounds to whole ticks, between 0 and <paramref name="cap"/>; an infinite number is the cap.</summary>
    internal static long Clamp(double ticks, long cap)
    {
        if (ticks >= cap)
        {
            return cap;
        }

        return ticks > 0 ? (long)Math.Round(ticks) : 0;
    }

    /// <summary>The same delay each time.</summary>
    internal sealed class Constant(TimeSpan delay) : BackoffCurve
    {
        public override string ToString() => $"constant {DurationText.Of(delay)}";

        internal override long Next(int attempt, long cap, ref long state, RandomSource random) => Math.Min(delay.Ticks, cap);
    }

    /// <summary>first + attempt·step.</summary>
    internal sealed class Linear(TimeSpan first, TimeSpan step) : BackoffCurve
    {
        public override string ToString() => first == step
            ? $"linear {DurationText.Of(step)}"
            : $"linear {DurationText.Of(first)} + {DurationText.Of(step)}";

        internal override long Next(int attempt, long cap, ref long state, RandomSource random)
        {
            if (first.Ticks >= cap)
            {
                return cap;
            }

            return step.Ticks > 0 && attempt > (cap - first.Ticks) / step.Ticks ? cap : first.Ticks + (attempt * step.Ticks);
        }
    }

    /// <summary>base·factorᵃᵗᵗᵉᵐᵖᵗ.</summary>
    internal sealed class Exponential(TimeSpan baseDelay, double factor) : BackoffCurve
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"exponential {DurationText.Of(baseDelay)} ×{factor}");

        // A base of zero stays zero: zero times an infinite power would not be a number.
        internal override long Next(int attempt, long cap, ref long state, RandomSource random) =>
            baseDelay == TimeSpan.Zero ? 0 : Clamp(baseDelay.Ticks * Math.Pow(factor, attempt), cap);
    }

    /// <summary>base·1, 1, 2, 3, 5, 8 …</summary>
    internal sealed class Fibonacci(TimeSpan baseDelay) : BackoffCurve
    {
        private static readonly long[] s_numbers = Numbers();

        public override string ToString() => $"Fibonacci {DurationText.Of(baseDelay)}";

        internal override long Next(int attempt, long cap, ref long state, RandomSource random)
        {
            if (baseDelay == TimeSpan.Zero)
            {
                return 0;
            }

            return attempt < s_numbers.Length && s_numbers[attempt] <= cap / baseDelay.Ticks ? s_numbers[attempt] * baseDelay.Ticks : cap;
        }

        // F(92) is the last that 63 bits hold, and above every cap with a base of one tick.
        private static long[] Numbers()
        {
            var numbers = new long[92];
            numbers[0] = numbers[1] = 1;
            for (var i = 2; i < numbers.Length; i++)
            {
                numbers[i] = numbers[i - 1] + numbers[i - 2];
            }

            return numbers;
        }
    }

    /// <summary>Given delays; beyond their end the last repeats.</summary>
    internal sealed class Schedule(TimeSpan[] delays) : BackoffCurve
    {
        public override string ToString() => $"schedule {string.Join(", ", delays.Select(DurationText.Of))}";

        internal override long Next(int attempt, long cap, ref long state, RandomSource random) =>
            Math.Min(delays[Math.Min(attempt, delays.Length - 1)].Ticks, cap);
    }

    /// <summary>A function of the user's; below zero it counts as zero.</summary>
    internal sealed class Generated(Func<int, TimeSpan> generator) : BackoffCurve
    {
        public override string ToString() => "generated";

        internal override long Next(int attempt, long cap, ref long state, RandomSource random) =>
            Math.Clamp(generator(attempt).Ticks, 0, cap);
    }
}
