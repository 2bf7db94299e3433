using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>
/// What a decision knows of one run: who may be asked, was asked, has ended, is late, and which answers are equal. Sets of endpoints are
/// bit sets. Plain data; the run that owns it guards it.
/// </summary>
internal sealed class Ballot
{
    private readonly UInt256[] _keys = new UInt256[EndpointOrder.Most];
    private readonly uint[] _groups = new uint[EndpointOrder.Most];

    /// <summary>The endpoints configured.</summary>
    internal int Count { get; private set; }

    /// <summary>In which order endpoints are asked.</summary>
    internal EndpointOrder Order { get; private set; }

    /// <summary>Who may be asked.</summary>
    internal uint Available { get; private set; }

    /// <summary>Who was asked, or is about to be.</summary>
    internal uint Started { get; set; }

    /// <summary>Whose part is over, with an answer or without.</summary>
    internal uint Ended { get; private set; }

    /// <summary>Who answered with something that the mode may use: a vote, a number, an acceptable answer.</summary>
    internal uint Answered { get; private set; }

    /// <summary>Who is late or waits to be asked again, and may still answer.</summary>
    internal uint Stalled { get; private set; }

    /// <summary>Whether the deadline has passed.</summary>
    internal bool IsLate { get; private set; }

    /// <summary>How many different answers there were.</summary>
    internal int Groups { get; private set; }

    /// <summary>What came out; <see cref="FanOutStatus.Running"/> while nothing has.</summary>
    internal FanOutStatus Status { get; private set; }

    /// <summary>Why it is over.</summary>
    internal FanOutEnd End { get; private set; }

    /// <summary>The endpoint whose answer it is, or -1.</summary>
    internal int Winner { get; private set; }

    /// <summary>Who may still answer, asked or not.</summary>
    internal uint Open => Available & ~Ended;

    /// <summary>Who may be asked and was not.</summary>
    internal uint Idle => Available & ~Started;

    internal bool IsOver => Status != FanOutStatus.Running;

    /// <summary>The endpoints that gave the answer numbered <paramref name="group"/>.</summary>
    internal uint Group(int group) => _groups[group];

    /// <summary>The number of the answer that <paramref name="endpoint"/> gave, or -1.</summary>
    internal int GroupOf(int endpoint)
    {
        for (var group = 0; group < Groups; group++)
        {
            if ((_groups[group] & (1u << endpoint)) != 0)
            {
                return group;
            }
        }

        return -1;
    }

    /// <summary>The key of the answer numbered <paramref name="group"/>.</summary>
    internal UInt256 Key(int group) => _keys[group];

    /// <summary>Begins a run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Begin(int count, uint available, EndpointOrder order)
    {
        (Count, Available, Order) = (count, available, order);
        (Started, Ended, Answered, Stalled) = (0, 0, 0, 0);
        (IsLate, Groups, Winner) = (false, 0, -1);
        (Status, End) = (FanOutStatus.Running, FanOutEnd.None);
    }

    /// <summary>The number of the first answer with a key, but for those in <paramref name="besides"/>; -1 if there is none.</summary>
    internal int Find(in UInt256 key, uint besides)
    {
        for (var group = 0; group < Groups; group++)
        {
            if (_keys[group] == key && (besides & (1u << group)) == 0)
            {
                return group;
            }
        }

        return -1;
    }

    /// <summary>An endpoint answered. Equal keys are equal answers.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="key">The key of its answer.</param>
    /// <param name="unlike">The numbers of answers that are known to be others although their keys are equal.</param>
    /// <returns>False if its part was over already: one vote an endpoint.</returns>
    internal bool Answer(int endpoint, in UInt256 key, uint unlike = 0)
    {
        if (!TryEnd(endpoint))
        {
            return false;
        }

        Answered |= 1u << endpoint;
        var group = Find(key, unlike);
        if (group < 0)
        {
            group = Groups++;
            _keys[group] = key;
            _groups[group] = 0;
        }

        _groups[group] |= 1u << endpoint;
        return true;
    }

    /// <summary>An endpoint gave an answer that is compared with no other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Answer(int endpoint)
    {
        if (!TryEnd(endpoint))
        {
            return false;
        }

        Answered |= 1u << endpoint;
        return true;
    }

    /// <summary>An endpoint failed, was refused, or answered with what the mode cannot use.</summary>
    internal bool Fail(int endpoint) => TryEnd(endpoint);

    /// <summary>An endpoint is late, or waits to be asked again.</summary>
    internal bool Stall(int endpoint)
    {
        var bit = 1u << endpoint;
        if (IsOver || ((Ended | Stalled) & bit) != 0)
        {
            return false;
        }

        Stalled |= bit;
        return true;
    }

    /// <summary>The deadline has passed.</summary>
    internal void Expire() => IsLate = true;

    /// <summary>The run is over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Conclude(FanOutStatus status, FanOutEnd end, int winner = -1)
    {
        Debug.Assert(!IsOver, "A run ends once.");
        (Status, End, Winner) = (status, end, winner);
    }

    /// <summary>The first endpoint of a set that is not empty.</summary>
    internal static int First(uint endpoints) => BitOperations.TrailingZeroCount(endpoints);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryEnd(int endpoint)
    {
        var bit = 1u << endpoint;
        if (IsOver || (Ended & bit) != 0)
        {
            return false;
        }

        Ended |= bit;
        return true;
    }
}
