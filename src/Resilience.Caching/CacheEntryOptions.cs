namespace Resilience.Caching;

/// <summary>How long an entry lives. Checked when a cache is made with it, or when it is first used.</summary>
public sealed record CacheEntryOptions
{
    /// <summary>The longest any of these durations may be: 10,000 days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(10_000);

    /// <summary>How long after it was set it is fresh: above zero, at most <see cref="Longest"/>. Null: for ever.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// How long after its last hit it is fresh, within <see cref="TimeToLive"/>: above zero, at most <see cref="Longest"/>. Kept to 1/64. Null:
    /// hits prolong nothing.
    /// </summary>
    public TimeSpan? Sliding { get; init; }

    /// <summary>
    /// How long after it is no longer fresh it is kept for when a new value cannot be had: from zero to <see cref="Longest"/>. Only the methods
    /// that create values serve it then.
    /// </summary>
    public TimeSpan StaleFor { get; init; }

    /// <summary>By how much of itself <see cref="TimeToLive"/> is shortened at random, so that what was set together does not expire together: from 0 to 1.</summary>
    public double Jitter { get; init; }

    /// <summary>
    /// After which share of <see cref="TimeToLive"/> a hit of a method that creates values has it created anew in the background: above 0, below
    /// 1. Null: values are created anew when they are no longer fresh.
    /// </summary>
    public double? RefreshAfter { get; init; }

    /// <summary>The time to live in ticks, <see cref="CacheNode.Never"/> if there is none, or zero if it is not all that is said here.</summary>
    internal long PlainLife =>
        Sliding is null && StaleFor == TimeSpan.Zero && Jitter == 0 && RefreshAfter is null ? TimeToLive?.Ticks ?? CacheNode.Never : 0;

    internal void Validate(string option)
    {
        CheckSpan(TimeToLive, least: 1, option, nameof(TimeToLive));
        CheckSpan(Sliding, least: 1, option, nameof(Sliding));
        CheckSpan(StaleFor, least: 0, option, nameof(StaleFor));
        if (!(Jitter is >= 0 and <= 1))
        {
            throw new ArgumentException($"{option}.{nameof(Jitter)} is from 0 to 1, not {Jitter}.", option);
        }

        if (RefreshAfter is { } share && !(share is > 0 and < 1))
        {
            throw new ArgumentException($"{option}.{nameof(RefreshAfter)} is above 0 and below 1, or null, not {share}.", option);
        }

        if (RefreshAfter is not null && TimeToLive is null)
        {
            throw new ArgumentException($"{option}.{nameof(RefreshAfter)} is {RefreshAfter}, but {nameof(TimeToLive)} is null: there is nothing to share.", option);
        }
    }

    /// <summary>Sets what <paramref name="node"/> knows of time.</summary>
    internal void ApplyTo(CacheNode node, long now)
    {
        var absolute = CacheNode.Never;
        var refresh = CacheNode.Never;
        if (TimeToLive is { } life)
        {
            var ticks = Jitter == 0 ? life.Ticks : life.Ticks - (long)(life.Ticks * Jitter * RandomSource.PerThread.NextDouble());
            absolute = now + Math.Max(1, ticks);
            refresh = RefreshAfter is { } share ? now + (long)(ticks * share) : CacheNode.Never;
        }

        var sliding = Sliding?.Ticks ?? 0;
        node.FreshUntil = sliding == 0 ? absolute : Math.Min(now + sliding, absolute);
        if (sliding != 0 || StaleFor != TimeSpan.Zero || refresh != CacheNode.Never)
        {
            node.Set(new CacheTerms { AbsoluteUntil = absolute, Sliding = sliding, StaleFor = StaleFor.Ticks, RefreshAt = refresh });
        }
    }

    private static void CheckSpan(TimeSpan? value, long least, string option, string name)
    {
        if (value is { } span && (span.Ticks < least || span > Longest))
        {
            throw new ArgumentException(
                $"{option}.{name} is {(least == 0 ? "from zero" : "above zero")} to {Longest.TotalDays} days, not {span}.", option);
        }
    }
}
