using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Execution;

/// <summary>A copy of the steps of a pending end in which one can be wrong, to see that the programs notice.</summary>
internal sealed class SeededPendingEnd(SuspendedCall call, PendingEndBug bug) : IPendingEnd
{
    private const long Idle = 0;
    private const long Subscribing = 1;
    private const long Awaited = 2;
    private const long Asked = 3;
    private const long Moving = 4;
    private SuspendedCall _call = call;
    private SuspendedCall? _part;
    private long _number;
    private long _word;

    public long Begin()
    {
        _word = Word(++_number, Subscribing);
        return _number;
    }

    public bool IsToMove(long number)
    {
        Explored.Point(62);
        if (bug == PendingEndBug.SubscribedWithoutCompareExchange)
        {
            var isStill = _word == Word(number, Subscribing);
            Explored.Point(62);
            _word = isStill ? Word(number, Awaited) : _word;
            if (isStill)
            {
                return false;
            }
        }
        else if (TryChange(Word(number, Subscribing), Word(number, Awaited)))
        {
            return false;
        }

        Explored.Point(63);
        return bug != PendingEndBug.SubscriberDoesNotLook && TryChange(Word(number, Asked), Word(number, Moving));
    }

    public bool TryMove(long number)
    {
        Explored.Point(64);
        if (bug != PendingEndBug.NotAskedWhileSubscribing && TryChange(Word(number, Subscribing), Word(number, Asked)))
        {
            return false;
        }

        Explored.Point(65);
        if (bug != PendingEndBug.MovedWithoutCompareExchange)
        {
            return TryChange(Word(number, Awaited), Word(number, Moving));
        }

        var isAwaited = _word == Word(number, Awaited);
        Explored.Point(65);
        _word = isAwaited ? Word(number, Moving) : _word;
        return isAwaited;
    }

    public void HandTo(SuspendedCall part)
    {
        _part = part;
        _call = bug == PendingEndBug.HandedOverAfterTheMove ? _call : part;
    }

    public bool HasEndedWhileMoving()
    {
        var number = _number++;
        Explored.Point(66);
        var moved = TryChange(Word(number, Moving), Word(number + 1, Awaited));
        Explored.Point(66);
        _call = _part!;
        return !moved && bug != PendingEndBug.EndWhileMovingLost;
    }

    public void End()
    {
        Explored.Point(67);
        var state = Interlocked.Exchange(ref _word, Idle) & 7;
        if (state is not (Idle or Moving))
        {
            Explored.Point(68);
            _call.OnOver();
        }
    }

    private static long Word(long number, long state) => (number << 3) | state;

    private bool TryChange(long from, long to) => Interlocked.CompareExchange(ref _word, to, from) == from;
}
