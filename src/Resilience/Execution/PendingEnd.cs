namespace Resilience;

/// <summary>
/// Where a suspended call hears that what it waits for has ended: once, whoever has the call by then. What is waited for keeps the
/// continuation, so a call that is split while it waits hands its end on to the part that goes on waiting.
/// </summary>
/// <remarks>
/// One word, changed by whoever has the call or by an interlocked operation: the number of the subscription and how far it is. Whoever takes
/// it out of being awaited has the call.
/// </remarks>
/// <typeparam name="TI">How accesses are ordered; <see cref="Production"/> outside of tests.</typeparam>
internal sealed class PendingEnd<TI>
    where TI : struct, IInterleaving
{
    private const int NumberShift = 3;
    private const long StateMask = (1 << NumberShift) - 1;
    private const long Idle = 0;
    private const long Subscribing = 1;
    private const long Awaited = 2;

    // The subscriber is to move the call when it has subscribed.
    private const long Asked = 3;
    private const long Moving = 4;
    private long _word;

    internal PendingEnd(SuspendedCall call)
    {
        Call = call;
        OnOver = End;
    }

    /// <summary>The continuation.</summary>
    internal Action OnOver { get; }

    /// <summary>Whose end it is. Changed by who moves the call.</summary>
    internal SuspendedCall Call { get; private set; }

    /// <summary>The subscription under way, or the last one.</summary>
    internal long Number { get; private set; }

    /// <summary>Before a subscription, by who has the call; returns its number.</summary>
    /// <param name="mayMove">Whether the call may be moved while it waits; then <see cref="IsToMove"/> ends the subscription.</param>
    internal long Begin(bool mayMove)
    {
        Number++;
        TI.Point(60);
        Volatile.Write(ref _word, Word(Number, mayMove ? Subscribing : Awaited));
        return Number;
    }

    /// <summary>Takes the end back from a subscription that failed; false if it was heard already.</summary>
    internal bool TryTakeBack(long number)
    {
        TI.Point(61);
        var seen = Volatile.Read(ref _word);
        while (seen >> NumberShift == number)
        {
            TI.Point(69);
            var now = Interlocked.CompareExchange(ref _word, Idle, seen);
            if (now == seen)
            {
                return true;
            }

            seen = now;
        }

        return false;
    }

    /// <summary>
    /// The subscription stands. True if the call is to be moved now, by this thread; else it belongs to whoever ends or moves it.
    /// </summary>
    internal bool IsToMove(long number)
    {
        TI.Point(62);
        if (Interlocked.CompareExchange(ref _word, Word(number, Awaited), Word(number, Subscribing)) == Word(number, Subscribing))
        {
            return false;
        }

        TI.Point(63);
        return Interlocked.CompareExchange(ref _word, Word(number, Moving), Word(number, Asked)) == Word(number, Asked);
    }

    /// <summary>
    /// Asks for the call. True if the caller has it, to move it; false if it goes on already, or its subscriber will move it.
    /// </summary>
    internal bool TryMove(long number)
    {
        TI.Point(64);
        var seen = Interlocked.CompareExchange(ref _word, Word(number, Asked), Word(number, Subscribing));
        if (seen != Word(number, Awaited))
        {
            return false;
        }

        TI.Point(65);
        return Interlocked.CompareExchange(ref _word, Word(number, Moving), seen) == seen;
    }

    /// <summary>Makes the end that of <paramref name="call"/>. By who moves it.</summary>
    internal void HandTo(SuspendedCall call) => Call = call;

    /// <summary>The move is done. True if the end came meanwhile: then this thread has the call to which it was handed.</summary>
    internal bool HasEndedWhileMoving()
    {
        var number = Number++;
        TI.Point(66);
        return Interlocked.CompareExchange(ref _word, Word(number + 1, Awaited), Word(number, Moving)) == Idle;
    }

    private static long Word(long number, long state) => (number << NumberShift) | state;

    // A source that answers twice is heard once.
    private void End()
    {
        TI.Point(67);
        var state = Interlocked.Exchange(ref _word, Idle) & StateMask;
        if (state != Idle && state != Moving)
        {
            TI.Point(68);
            Call.OnOver();
        }
    }
}
