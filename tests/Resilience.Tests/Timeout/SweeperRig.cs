using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Timeouts;

/// <summary>The product under the explorer. Words count from the start of the schedule.</summary>
internal sealed class SweeperRig : ISweeperRig
{
    private readonly ManualClock _time = new();
    private readonly List<FiringItem<Explored>> _items = [];
    private readonly Sweeper<Explored> _sweeper;
    private readonly long _origin;

    public SweeperRig()
    {
        var clock = Clock.For(_time);
        _origin = clock.Coarse;
        _sweeper = new Sweeper<Explored>(clock);
    }

    public bool IsTimerSet => _time.ActiveTimers != 0 || !_sweeper.IsIdle;

    public int Add()
    {
        _items.Add(new FiringItem<Explored>(_sweeper) { LeavesWhenDue = true });
        return _items.Count - 1;
    }

    public void Arm(int item, long word) => _items[item].Arm(_origin + word);

    public bool TryDisarm(int item, long word) => _items[item].TryDisarm(_origin + word);

    public void Leave(int item) => _items[item].LeaveTable();

    public void Sweep() => _sweeper.Sweep();

    public int Fired(int item) => _items[item].Fired;

    public void AdvanceTo(long word) => _time.Advance(new TimeSpan(_origin + word - Clock.For(_time).Coarse));
}
