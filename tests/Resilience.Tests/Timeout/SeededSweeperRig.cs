using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Timeouts;

/// <summary>A copy of the sweeper, with one thing wrong with it. Eight places; one scale.</summary>
internal sealed class SeededSweeperRig : ISweeperRig
{
    private const long Idle = long.MaxValue;
    private readonly ManualClock _time = new();
    private readonly SweeperBug _bug;
    private readonly ITimer _timer;
    private readonly long _origin;
    private readonly long[] _words = new long[8];
    private readonly Item?[] _places = new Item?[8];
    private readonly List<Item> _items = [];
    private long _wake = Idle;

    public SeededSweeperRig(SweeperBug bug)
    {
        _bug = bug;
        _origin = _time.GetTimestamp();
        _timer = _time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsTimerSet => _time.ActiveTimers != 0 || _wake != Idle;

    private long Now => _time.GetTimestamp() - _origin;

    public int Add()
    {
        Explorer.Yield(1);
        var item = new Item { Place = Array.IndexOf(_places, null) };
        _places[item.Place] = item;
        _items.Add(item);
        return _items.Count - 1;
    }

    public void Arm(int number, long word)
    {
        var item = _items[number];
        var early = long.MinValue;
        if (_bug == SweeperBug.WakeReadBeforeWordWritten)
        {
            Explorer.Yield(2);
            early = _wake;
        }

        Explorer.Yield(3);
        _words[item.Place] = word;
        Explorer.Yield(4);
        item.Armed = word;
        Explorer.Yield(5);
        if (word < (early == long.MinValue ? _wake : early) && Lower(word))
        {
            SetTimer();
        }
    }

    public bool TryDisarm(int number, long word)
    {
        var item = _items[number];
        Explorer.Yield(6);
        if (_bug == SweeperBug.ClaimedOnThePlace)
        {
            return Swap(ref _words[item.Place], word);
        }

        if (!Swap(ref item.Armed, word))
        {
            return false;
        }

        Explorer.Yield(7);
        _words[item.Place] = 0;
        return true;
    }

    public void Leave(int number) => Free(_items[number].Place);

    public void Sweep()
    {
        if (_bug != SweeperBug.WordsReadBeforeWakeReset)
        {
            Explorer.Yield(8);
            _wake = Idle;
        }

        var now = Now;
        var nearest = Idle;
        for (var i = 0; i < _words.Length; i++)
        {
            if (_places[i] is null)
            {
                continue;
            }

            Explorer.Yield(9);
            var word = _words[i];
            if (word == 0)
            {
                continue;
            }

            if (word > now)
            {
                nearest = Math.Min(nearest, word);
            }
            else
            {
                FireIfClaimed(i, word);
            }
        }

        if (_bug == SweeperBug.WordsReadBeforeWakeReset)
        {
            Explorer.Yield(8);
            _wake = Idle;
        }

        if (_bug != SweeperBug.NearestForgotten && Lower(nearest))
        {
            SetTimer();
        }
    }

    public int Fired(int item) => _items[item].Fired;

    public void AdvanceTo(long word) => _time.Advance(new TimeSpan(word - Now));

    private static bool Swap(ref long armed, long word)
    {
        if (armed != word)
        {
            return false;
        }

        armed = 0;
        return true;
    }

    private void FireIfClaimed(int place, long word)
    {
        if (_bug == SweeperBug.FreedBeforeTheItemIsRead)
        {
            Explorer.Yield(10);
            if (_places[place] is { } mine && Swap(ref mine.Armed, word))
            {
                Free(place);
                Explorer.Yield(11);
                if (_places[place] is { } whose)
                {
                    whose.Fired++;
                }
                else
                {
                    mine.Fired++;
                }
            }

            return;
        }

        Explorer.Yield(10);
        var item = _places[place];
        Explorer.Yield(11);
        if (item is null
            || !(_bug == SweeperBug.ClaimedOnThePlace ? Swap(ref _words[place], word)
                : _bug == SweeperBug.FiredWithoutClaim || Swap(ref item.Armed, word)))
        {
            return;
        }

        Explorer.Yield(12);
        _words[place] = 0;
        Free(place);
        item.Fired++;
    }

    private void Free(int place)
    {
        Explorer.Yield(13);
        _words[place] = 0;
        _places[place] = null;
    }

    private bool Lower(long word)
    {
        Explorer.Yield(14);
        var seen = _wake;
        if (word >= seen)
        {
            return false;
        }

        if (_bug == SweeperBug.LoweredWakeLost)
        {
            Explorer.Yield(15);
            _wake = word;
            return true;
        }

        _wake = Math.Min(_wake, word);
        return true;
    }

    private void SetTimer()
    {
        long wake;
        do
        {
            Explorer.Yield(16);
            wake = _wake;
            Explorer.Yield(17);
            _timer.Change(wake == Idle ? Timeout.InfiniteTimeSpan : new TimeSpan(Math.Max(0, wake - Now)), Timeout.InfiniteTimeSpan);
            Explorer.Yield(18);
        }
        while (_bug != SweeperBug.TimerSetOnce && wake != _wake);
    }

    private sealed class Item
    {
        // Passed by reference to what stands for a compare-and-swap, hence a field.
        public long Armed;

        public int Place { get; init; }

        public int Fired { get; set; }
    }
}
