namespace Resilience.Testing;

/// <summary>
/// A time provider that stands still until it is told to move. Timers that fall due run on the thread that moves it, in the order of
/// their due times, each seeing the time at which it was due; <see cref="Advance"/> returns when all of them have run.
/// Safe for concurrent use; a timer callback may create, change or dispose timers.
/// </summary>
public sealed class ManualClock : TimeProvider, IManualTime
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _origin;
    private long _sequence;
    private long _now;
    private long _wallOffset;

    /// <summary>A clock that starts at midnight, 1 January 2030 UTC.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>A clock whose wall time starts at <paramref name="start"/>.</summary>
    /// <param name="start">The first wall time.</param>
    public ManualClock(DateTimeOffset start)
    {
        _origin = start;
        _now = TimeSpan.TicksPerDay;
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers are set to fire.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref _now);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() =>
        _origin.AddTicks(Volatile.Read(ref _now) - TimeSpan.TicksPerDay + Volatile.Read(ref _wallOffset));

    /// <summary>Moves the wall clock only: monotonic time and timers do not notice.</summary>
    /// <param name="by">How far; may be negative.</param>
    public void ShiftWallClock(TimeSpan by) => Interlocked.Add(ref _wallOffset, by.Ticks);

    /// <summary>Moves the time forward, running everything that falls due on the way.</summary>
    /// <param name="by">How far; zero runs what is due now.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = Volatile.Read(ref _now) + by.Ticks;
        while (NextDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Moves the time forward in one leap: timers see only the time of arrival, as after a suspended machine.</summary>
    /// <param name="by">How far.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Leap(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref _now, by.Ticks);
        Advance(TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? NextDue(long target)
    {
        lock (_gate)
        {
            ManualTimer? next = null;
            foreach (var timer in _timers)
            {
                if (timer.Due <= target && (next is null || (timer.Due, timer.Sequence).CompareTo((next.Due, next.Sequence)) < 0))
                {
                    next = timer;
                }
            }

            Volatile.Write(ref _now, Math.Max(_now, next?.Due ?? target));
            next?.Reschedule();
            return next;
        }
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long _period;

        public long Due { get; private set; }

        public long Sequence { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period.Ticks;
                if (dueTime >= TimeSpan.Zero)
                {
                    Schedule(clock._now + dueTime.Ticks);
                }
            }

            return true;
        }

        // Runs under the clock's gate, which guards no foreign code.
        public void Reschedule()
        {
            clock._timers.Remove(this);
            if (_period > 0)
            {
                Schedule(Due + _period);
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(long due)
        {
            Due = due;
            Sequence = clock._sequence++;
            clock._timers.Add(this);
        }
    }
}
