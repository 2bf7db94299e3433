using System.Globalization;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// How long to wait before each further attempt: a course (constant, linear, exponential …), a jitter and a cap. The delay after attempt
/// n is the course at n, capped, then spread by the jitter, then capped again. Immutable and safe for concurrent use without a lock; a
/// delay allocates nothing and takes constant time at every attempt number. A parameter outside its range throws
/// <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
public sealed class Backoff
{
    private readonly BackoffCurve _curve;
    private readonly RandomSource _random;
    private readonly ulong? _seed;
    private readonly long _cap;

    private Backoff(BackoffCurve curve)
        : this(curve, Jitter.None, MaxDelay.Ticks, seed: null, RandomSource.PerThread)
    {
    }

    private Backoff(BackoffCurve curve, Jitter jitter, long cap, ulong? seed, RandomSource random)
    {
        _curve = curve;
        Jitter = jitter;
        _cap = cap;
        _seed = seed;
        _random = random;
    }

    /// <summary>The longest delay there is, five million days: adding it to a monotonic time cannot overflow.</summary>
    public static TimeSpan MaxDelay => new(5_000_000 * TimeSpan.TicksPerDay);

    /// <summary>No wait at all.</summary>
    public static Backoff None { get; } = Constant(TimeSpan.Zero);

    /// <summary>No delay is longer than this; <see cref="MaxDelay"/> unless set.</summary>
    public TimeSpan Cap => new(_cap);

    /// <summary>How delays are spread.</summary>
    public Jitter Jitter { get; }

    /// <summary>Whether delays come from a function of the user.</summary>
    internal bool IsGenerated => _curve is BackoffCurve.Generated;

    /// <summary>The same delay each time.</summary>
    /// <param name="delay">The delay, from zero to <see cref="MaxDelay"/>.</param>
    public static Backoff Constant(TimeSpan delay) => new(new BackoffCurve.Constant(Checked(delay)));

    /// <summary>A delay that grows by the same amount each time: step, 2·step, 3·step …</summary>
    /// <param name="step">The growth, and the first delay, from zero to <see cref="MaxDelay"/>.</param>
    public static Backoff Linear(TimeSpan step) => Linear(Checked(step), step);

    /// <summary>A delay that grows by the same amount each time: first, first + step, first + 2·step …</summary>
    /// <param name="step">The growth, from zero to <see cref="MaxDelay"/>.</param>
    /// <param name="first">The first delay, from zero to <see cref="MaxDelay"/>.</param>
    public static Backoff Linear(TimeSpan step, TimeSpan first) => new(new BackoffCurve.Linear(Checked(first), Checked(step)));

    /// <summary>A delay that is multiplied each time: base, base·factor, base·factor² …</summary>
    /// <param name="baseDelay">The first delay, from zero to <see cref="MaxDelay"/>.</param>
    /// <param name="factor">What each delay is multiplied by: finite, at least 1.</param>
    public static Backoff Exponential(TimeSpan baseDelay, double factor = 2) => factor is >= 1 and < double.PositiveInfinity
        ? new(new BackoffCurve.Exponential(Checked(baseDelay), factor))
        : throw new ArgumentOutOfRangeException(
            nameof(factor), string.Create(CultureInfo.InvariantCulture, $"factor is {factor}; it must be finite and at least 1."));

    /// <summary>Multiples of the base that follow the Fibonacci numbers: base, base, 2·base, 3·base, 5·base …</summary>
    /// <param name="baseDelay">The first delay, from zero to <see cref="MaxDelay"/>.</param>
    public static Backoff Fibonacci(TimeSpan baseDelay) => new(new BackoffCurve.Fibonacci(Checked(baseDelay)));

    /// <summary>The delays given, in order; beyond their end the last repeats.</summary>
    /// <param name="delays">At least one, each from zero to <see cref="MaxDelay"/>.</param>
    public static Backoff Schedule(params ReadOnlySpan<TimeSpan> delays)
    {
        if (delays.IsEmpty)
        {
            throw new ArgumentException("delays is empty; it must hold at least one delay.", nameof(delays));
        }

        foreach (var delay in delays)
        {
            Checked(delay, nameof(delays));
        }

        return new(new BackoffCurve.Schedule(delays.ToArray()));
    }

    /// <summary>
    /// Random delays of which each depends on the one before: min(cap, U(base, 3·previous)), the first previous being the base.
    /// </summary>
    /// <param name="baseDelay">The shortest delay, from zero to <see cref="MaxDelay"/>.</param>
    /// <param name="cap">The longest delay, from <paramref name="baseDelay"/> to <see cref="MaxDelay"/>.</param>
    public static Backoff DecorrelatedJitter(TimeSpan baseDelay, TimeSpan cap)
    {
        Checked(baseDelay);
        return Checked(cap) >= baseDelay
            ? new Backoff(new DecorrelatedJitter(baseDelay)).WithCap(cap)
            : throw new ArgumentOutOfRangeException(
                nameof(cap), $"cap is {DurationText.Of(cap)} and baseDelay {DurationText.Of(baseDelay)}; cap must be at least baseDelay.");
    }

    /// <summary>
    /// Exponential growth in random steps that keep to one smooth curve: with t = attempt + U and f(t) = 2ᵗ·tanh(√(4t)), the delay is
    /// (f(t) − f(previous t)) / 1.4 · median. The decorrelated jitter that .NET users know.
    /// </summary>
    /// <param name="median">About the median of the first delay, from zero to <see cref="MaxDelay"/>.</param>
    public static Backoff SmoothedDecorrelatedJitter(TimeSpan median) => new(new SmoothedDecorrelatedJitter(Checked(median)));

    /// <summary>Delays from a function, which must be safe for concurrent use; a delay below zero counts as zero.</summary>
    /// <param name="generator">Takes the attempt that failed, from 0. What it throws reaches the caller.</param>
    public static Backoff Generate(Func<int, TimeSpan> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new(new BackoffCurve.Generated(generator));
    }

    /// <summary>The delay after an attempt.</summary>
    /// <param name="attempt">The attempt that failed, from 0.</param>
    /// <param name="state">What is remembered of this call; <c>default</c> before its first delay.</param>
    /// <returns>A delay from zero to <see cref="Cap"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="attempt"/> is negative.</exception>
    public TimeSpan GetDelay(int attempt, ref BackoffState state)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(attempt);
        var ticks = _curve.Next(attempt, _cap, ref state.Word, _random);
        return new TimeSpan(Jitter.IsNone ? ticks : BackoffCurve.Clamp(Jitter.Apply(ticks, _random.NextDouble()), _cap));
    }

    /// <summary>Writes the delays of one call, from its first, in order.</summary>
    /// <param name="delays">Where to; its length is the number of delays.</param>
    public void Fill(Span<TimeSpan> delays)
    {
        var state = default(BackoffState);
        for (var attempt = 0; attempt < delays.Length; attempt++)
        {
            delays[attempt] = GetDelay(attempt, ref state);
        }
    }

    /// <summary>The same schedule with its delays spread by <paramref name="jitter"/>.</summary>
    /// <param name="jitter">The spread, in place of an earlier one.</param>
    /// <exception cref="ArgumentException">The course is random by itself.</exception>
    public Backoff WithJitter(Jitter jitter) => jitter.IsNone || !_curve.IsRandom
        ? new(_curve, jitter, _cap, _seed, Restarted())
        : throw new ArgumentException($"jitter is {jitter}; {_curve} is random by itself and takes only no jitter.", nameof(jitter));

    /// <summary>The same schedule with no delay longer than <paramref name="cap"/>, whatever course, generator or jitter say.</summary>
    /// <param name="cap">The longest delay, from zero to <see cref="MaxDelay"/>, in place of an earlier one.</param>
    public Backoff WithCap(TimeSpan cap) => new(_curve, Jitter, Checked(cap).Ticks, _seed, Restarted());

    /// <summary>
    /// The same schedule, drawing from the sequence that <paramref name="seed"/> decides, from its start. Calls that share the result
    /// divide that one sequence: the draws are fixed, which call gets which depends on who asks first.
    /// </summary>
    /// <param name="seed">Any number.</param>
    public Backoff WithSeed(ulong seed) => new(_curve, Jitter, _cap, seed, RandomSource.Seeded(seed));

    /// <summary>The schedule in words, for example "exponential 2 s ×2, full jitter, cap 30 s".</summary>
    public override string ToString()
    {
        var jitter = Jitter.IsNone ? "" : $", {Jitter}";
        var cap = Cap == MaxDelay ? "" : $", cap {DurationText.Of(Cap)}";
        var seed = _seed is { } value ? string.Create(CultureInfo.InvariantCulture, $", seed {value}") : "";
        return $"{_curve}{jitter}{cap}{seed}";
    }

    /// <summary>The same schedule, drawing from <paramref name="random"/>.</summary>
    internal Backoff WithRandom(RandomSource random) => new(_curve, Jitter, _cap, seed: null, random);

    // Two schedules built alike draw alike: what is derived from a seeded one starts the sequence anew.
    private RandomSource Restarted() => _seed is { } seed ? RandomSource.Seeded(seed) : _random;

    private static TimeSpan Checked(TimeSpan value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= TimeSpan.Zero && value <= MaxDelay
            ? value
            : throw new ArgumentOutOfRangeException(
                name, $"{name} is {DurationText.Of(value)}; it must lie between 0 s and Backoff.MaxDelay ({DurationText.Of(MaxDelay)}).");
}
