namespace Resilience;

/// <summary>
/// Which recent outcomes a circuit breaker looks at: the last so many calls, or the calls of the last so much time. Immutable.
/// </summary>
public sealed record CircuitWindow
{
    private const int MostCalls = 65_536;
    private const int MostSlices = 1_000;
    private const int DefaultSliceCredit = 65_536;
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    private CircuitWindow(int count, TimeSpan? maxAge, TimeSpan duration, int slices, int? sliceCredit)
    {
        Count = count;
        MaxAge = maxAge;
        Duration = duration;
        Slices = slices;
        SliceCredit = sliceCredit;
    }

    /// <summary>How many calls a count window holds; zero for a time window.</summary>
    public int Count { get; }

    /// <summary>How old the last failure of a count window may be before a new one starts the window afresh; null: any age.</summary>
    public TimeSpan? MaxAge { get; }

    /// <summary>How much time a time window covers; zero for a count window.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Into how many slices a time window is cut: calls leave it a slice at a time. Zero for a count window.</summary>
    public int Slices { get; }

    /// <summary>
    /// How many calls a slice of a time window counts at most while the window holds no failure; null: every one. See
    /// <see cref="Time(TimeSpan, int, int?)"/>.
    /// </summary>
    public int? SliceCredit { get; }

    /// <summary>Whether this is a time window.</summary>
    public bool IsTime => Slices > 0;

    /// <summary>The last <paramref name="count"/> calls.</summary>
    /// <param name="count">From 1 to 65,536.</param>
    /// <param name="maxAge">
    /// After so long without a failure the next one starts the window afresh; positive. Null: outcomes leave only as others come.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static CircuitWindow Calls(int count, TimeSpan? maxAge = null)
    {
        if (count is < 1 or > MostCalls)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A count window holds 1 to {MostCalls} calls, not {count}.");
        }

        if (maxAge is { } age && (age <= TimeSpan.Zero || age > s_longest))
        {
            throw new ArgumentOutOfRangeException(nameof(maxAge), age, $"MaxAge is above zero and at most {s_longest}, not {age}.");
        }

        return new CircuitWindow(count, maxAge, TimeSpan.Zero, 0, null);
    }

    /// <summary>The calls of the last <paramref name="duration"/>.</summary>
    /// <remarks>
    /// While the window holds no failure, a slice that has counted <paramref name="sliceCredit"/> calls counts no more, and a success costs a load.
    /// From the first failure on every call counts. So the breaker never opens later than it would by every call, nor while fewer fail
    /// than the limit says, counted from the first failure; after so much good traffic it may open sooner. A credit below
    /// <see cref="CircuitBreakerOptions.MinimumCalls"/> is raised to that.
    /// </remarks>
    /// <param name="duration">From one millisecond a slice to seven days.</param>
    /// <param name="slices">From 1 to 1,000.</param>
    /// <param name="sliceCredit">At least 1; null: every call counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static CircuitWindow Time(TimeSpan duration, int slices = 10, int? sliceCredit = DefaultSliceCredit)
    {
        if (slices is < 1 or > MostSlices)
        {
            throw new ArgumentOutOfRangeException(nameof(slices), slices, $"A time window has 1 to {MostSlices} slices, not {slices}.");
        }

        var shortest = TimeSpan.FromMilliseconds(slices);
        if (duration < shortest || duration > s_longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(duration), duration, $"A time window of {slices} slices lasts from {shortest} to {s_longest}, not {duration}.");
        }

        if (sliceCredit < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(sliceCredit), sliceCredit, $"SliceCredit is at least 1 or null, not {sliceCredit}.");
        }

        return new CircuitWindow(0, null, duration, slices, sliceCredit);
    }
}
