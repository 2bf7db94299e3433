using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>
/// The endpoints that fan-outs share: with their health, their ranking by expected latency, and who sits out. Safe for concurrent use. A
/// fan-out reads one word for the order; one of them a <see cref="EndpointSetOptions.RefreshInterval"/> computes it anew.
/// </summary>
public abstract class EndpointSet
{
    private const double Draws = 18_446_744_073_709_551_616.0;
    private readonly Endpoint[] _endpoints;
    private readonly long _refreshTicks;

    // Of 2^64 draws, so many explore.
    private readonly ulong _explored;
    private ulong _order = EndpointOrder.Given.Places;
    private long _refreshAt;

    private protected EndpointSet(Endpoint[] endpoints, EndpointSetOptions options)
    {
        _endpoints = endpoints;
        All = new ReadOnlyCollection<Endpoint>(endpoints);
        Options = options;
        Clock = Clock.For(options.TimeProvider);
        Alarms = AlarmPool.For(Clock);
        _refreshTicks = options.RefreshInterval.Ticks;
        _explored = endpoints.Length > 1 ? (ulong)Math.Min(options.Exploration * Draws, ulong.MaxValue) : 0;
        _refreshAt = Clock.Fine + _refreshTicks;
        Dissent = new DissentRegister(endpoints.Length, options);
        Rank();
    }

    /// <summary>How they are ranked, and when one sits out.</summary>
    public EndpointSetOptions Options { get; }

    /// <summary>The endpoints, in the order in which they were given.</summary>
    public IReadOnlyList<Endpoint> All { get; }

    /// <summary>The endpoints in the order in which they would be asked now.</summary>
    public IReadOnlyList<Endpoint> Ranked
    {
        get
        {
            var order = new EndpointOrder(Volatile.Read(ref _order));
            return [.. Enumerable.Range(0, _endpoints.Length).Select(place => _endpoints[order[place]])];
        }
    }

    /// <summary>Those who sit out now, because they differed from the majority.</summary>
    public IReadOnlyList<Endpoint> SittingOut
    {
        get
        {
            var sitting = Dissent.SittingOut(Clock.Fine);
            return [.. _endpoints.Where(endpoint => (sitting & endpoint.Bit) != 0)];
        }
    }

    internal Clock Clock { get; }

    internal AlarmPool Alarms { get; }

    internal DissentRegister Dissent { get; }

    /// <summary>All endpoints as a set.</summary>
    internal uint Everybody => (1u << _endpoints.Length) - 1;

    internal Endpoint At(int index) => _endpoints[index];

    /// <summary>The order to ask in, explored now and then.</summary>
    /// <param name="now">A reading of <see cref="Clock.Fine"/>.</param>
    /// <param name="draws">The caller's own state of a congruential generator: nothing is shared, nor looked up by the thread.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal EndpointOrder OrderAt(long now, ref ulong draws)
    {
        if (now >= Volatile.Read(ref _refreshAt))
        {
            Refresh(now);
        }

        var order = new EndpointOrder(Volatile.Read(ref _order));
        draws = (draws * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
        return draws < _explored ? Explore(order, draws) : order;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refresh(long now)
    {
        var due = Volatile.Read(ref _refreshAt);
        if (now >= due && Interlocked.CompareExchange(ref _refreshAt, now + _refreshTicks, due) == due)
        {
            Rank();
        }
    }

    // By rank, then by expected cost, then as given.
    private void Rank()
    {
        Span<int> order = stackalloc int[_endpoints.Length];
        Span<double> costs = stackalloc double[_endpoints.Length];
        for (var i = 0; i < order.Length; i++)
        {
            costs[i] = _endpoints[i].Refresh();
            var place = i;
            while (place > 0 && Precedes(i, order[place - 1], costs))
            {
                order[place] = order[place - 1];
                place--;
            }

            order[place] = i;
        }

        Volatile.Write(ref _order, EndpointOrder.Of(order).Places);
    }

    private bool Precedes(int one, int other, ReadOnlySpan<double> costs) =>
        (_endpoints[one].Rank, costs[one]).CompareTo((_endpoints[other].Rank, costs[other])) < 0;

    // The draw is below the share that explores, and within it as even as it is over all: it also says who takes the place.
    private EndpointOrder Explore(EndpointOrder order, ulong draw)
    {
        var peers = 1;
        while (peers < _endpoints.Length && _endpoints[order[peers]].Rank == _endpoints[order[0]].Rank)
        {
            peers++;
        }

        return peers == 1 ? order : order.Promote(1 + (int)((UInt128)draw * (uint)(peers - 1) / _explored));
    }
}
