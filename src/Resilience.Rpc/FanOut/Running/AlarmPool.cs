using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>The idle alarms of one clock, a bounded number, as long as the clock lives.</summary>
internal sealed class AlarmPool
{
    private static readonly ConditionalWeakTable<Clock, AlarmPool> s_pools = [];
    private readonly ItemPool<Alarm> _items;

    private AlarmPool(Clock clock) => _items = new ItemPool<Alarm>(() => new Alarm(clock, this));

    internal static AlarmPool For(Clock clock) => s_pools.GetValue(clock, static c => new AlarmPool(c));

    internal Alarm Take() => _items.Take();

    internal bool TryReturn(Alarm alarm) => _items.TryReturn(alarm);
}
