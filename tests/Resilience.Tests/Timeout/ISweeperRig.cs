namespace Resilience.Tests.Timeouts;

/// <summary>A sweeper and its items, by number: the product, or a copy of it with a seeded bug.</summary>
internal interface ISweeperRig
{
    /// <summary>Makes an item that leaves the table when it falls due, and gives its number.</summary>
    int Add();

    void Arm(int item, long word);

    bool TryDisarm(int item, long word);

    void Leave(int item);

    void Sweep();

    int Fired(int item);

    /// <summary>Moves the clock, with whatever the timer runs on the way.</summary>
    void AdvanceTo(long word);

    /// <summary>Whether a timer is set to fire.</summary>
    bool IsTimerSet { get; }
}
