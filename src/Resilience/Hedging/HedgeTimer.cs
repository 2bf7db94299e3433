using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The delay before another attempt, an item of the sweeper: of a call that waits for its first attempt and has no race yet, or of a race. It
/// has a place in the sweeper's table, so it is pooled apart from both, by clock.
/// </summary>
internal sealed class HedgeTimer(Clock clock) : DeadlineItem<Production>(clock.Sweeper)
{
    private HedgeRace? _race;
    private PendingEnd<Production>? _end;
    private long _number;
    private long _word;
    private int _arrived;

    /// <summary>What it was set to while there was no race.</summary>
    internal long Word => _word;

    internal static HedgeTimer Rent(HedgeRace race)
    {
        var timer = race.Core.Clock.HedgeTimers.Take();
        timer._race = race;
        return timer;
    }

    /// <summary>For a call without a race.</summary>
    internal static HedgeTimer Rent(Clock clock, long word)
    {
        var timer = clock.HedgeTimers.Take();
        timer._word = word;
        return timer;
    }

    /// <summary>Has the call of <paramref name="end"/> split when the delay is over before its end.</summary>
    internal void Arm(PendingEnd<Production> end, long number)
    {
        _end = end;
        _number = number;
        _arrived = 0;
        Arm(_word);
    }

    /// <summary>The attempt has ended first. By who has the call.</summary>
    internal void Stop()
    {
        if (TryDisarm(_word))
        {
            Return();
        }
        else
        {
            Arrive();
        }
    }

    /// <summary>From now on it is the race's.</summary>
    internal void PassTo(HedgeRace race)
    {
        _end = null;
        _race = race;
    }

    /// <summary>Gives the item back, which is not armed.</summary>
    internal void Return()
    {
        _race = null;
        _end = null;
        if (!clock.HedgeTimers.TryReturn(this))
        {
            LeaveTable();
        }
    }

    /// <inheritdoc/>
    protected internal override void OnDue()
    {
        if (_race is { } race)
        {
            race.OnTimer();
        }
        else if (_end!.TryMove(_number))
        {
            Unsafe.As<PendingCall>(_end.Call).SplitLate(bySubscriber: false);
        }
        else
        {
            Arrive();
        }
    }

    // Comes twice when the delay was over and its call was not to be had: by the sweeper's side and by the call's. The second gives the item
    // back: were it the first, the call might disarm what is another's by then.
    private void Arrive()
    {
        if (Interlocked.Exchange(ref _arrived, 1) == 1)
        {
            Return();
        }
    }
}
