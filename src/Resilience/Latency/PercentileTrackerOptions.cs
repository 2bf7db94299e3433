namespace Resilience;

/// <summary>How a <see cref="PercentileTracker"/> is made. Checked once, when it is.</summary>
public sealed record PercentileTrackerOptions
{
    internal const int MostSlices = 120;
    private static readonly TimeSpan s_leastSlice = TimeSpan.FromMilliseconds(1);

    /// <summary>The window in time, at most a day. Default: one minute.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Into how many slices the window is cut, 1 to 120; it slides by one slice, of at least 1 ms. Each costs 8.8 KiB. Default: 12.</summary>
    public int Slices { get; init; } = 12;

    /// <summary>
    /// How many threads may own a stripe of 8.8 KiB, into which they record without contention; all others share one. 0 to 1,024, and never
    /// more than there are processors. Default: as many as there are processors.
    /// </summary>
    public int OwnedStripes { get; init; } = Math.Min(1024, Environment.ProcessorCount);

    /// <summary>
    /// The interval at which durations are expected when each waits for the one before, from 100 µs to 1 h, or null. A longer duration then also
    /// records what those that it held up would have measured: itself less one interval, less two, and so on down to one.
    /// </summary>
    public TimeSpan? ExpectedInterval { get; init; }

    /// <summary>Where time comes from. Default: the system.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Refuses what cannot be meant.</summary>
    internal void Validate()
    {
        Check(TimeProvider is not null, nameof(TimeProvider), "null: a time provider is needed");
        Check(Slices is >= 1 and <= MostSlices, nameof(Slices), FormattableString.Invariant($"{Slices}: from 1 to {MostSlices}"));
        Check(Window > TimeSpan.Zero && Window <= TimeSpan.FromDays(1), nameof(Window), $"{Window}: above zero and at most a day");
        Check(
            Window >= s_leastSlice * Slices, nameof(Window),
            FormattableString.Invariant($"{Window} in {nameof(Slices)} of {Slices}: a slice lasts at least 1 ms"));
        Check(OwnedStripes is >= 0 and <= 1024, nameof(OwnedStripes), FormattableString.Invariant($"{OwnedStripes}: from 0 to 1024"));
        Check(
            ExpectedInterval is null || (ExpectedInterval >= TimeSpan.FromMicroseconds(100) && ExpectedInterval <= TimeSpan.FromHours(1)),
            nameof(ExpectedInterval), $"{ExpectedInterval}: from 100 µs to 1 h, or null");
    }

    private static void Check(bool holds, string option, string message)
    {
        if (!holds)
        {
            throw new ArgumentException($"{option} is {message}.", option);
        }
    }
}
