namespace Resilience;

/// <summary>The delay of a race, an item of the sweeper. It has a place in its table, so it is pooled apart from the race, by clock.</summary>
internal sealed class HedgeTimer(Clock clock) : DeadlineItem<Production>(clock.Sweeper)
{
    private HedgeRace? _race;

    internal static HedgeTimer Rent(HedgeRace race)
    {
        var timer = race.Core.Clock.HedgeTimers.Take();
        timer._race = race;
        return timer;
    }

    /// <summary>Gives the item back, which is not armed.</summary>
    internal void Return(Clock home)
    {
        _race = null;
        if (!home.HedgeTimers.TryReturn(this))
        {
            LeaveTable();
        }
    }

    /// <inheritdoc/>
    protected internal override void OnDue() => _race!.OnTimer();
}
