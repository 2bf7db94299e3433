using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// What suspended calls keep by thread, in one object, for each look at a thread's own variable costs a call: the depth of resumed calls, the
/// attempt that has just ended, the subscription that the thread is in, and what is idle.
/// </summary>
internal sealed class CallThread
{
    [ThreadStatic]
    private static CallThread? s_current;

    private const int MostRaces = 4;
    private int _depth;
    private int _racesKept;
    private HedgeRace? _idleRaces;
    private HedgeAttempt? _ended;

    internal static CallThread Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => s_current ?? Make();
    }

    /// <summary>
    /// Whether a call is being carried on. One that is resumed meanwhile goes through the thread pool, so that however many calls wait for
    /// one another, no stack grows with their number.
    /// </summary>
    internal bool IsCarryingOn => _depth != 0;

    /// <summary>The subscription that the thread is in, if any.</summary>
    internal Subscription Subscription { get; set; }

    /// <summary>
    /// An idle object, of any type: it costs no interlocked operation, and its memory is this processor's still, for a call ends most
    /// often where the next one begins.
    /// </summary>
    internal SuspendedCall? IdleCall { get; set; }

    /// <summary>
    /// Takes an idle race, or null. A few are kept and not one: a race begins on one thread and is often given back by another, and each of them
    /// does either in turn.
    /// </summary>
    internal HedgeRace? TakeRace()
    {
        var race = _idleRaces;
        if (race is not null)
        {
            _idleRaces = race.NextIdle;
            race.NextIdle = null;
            _racesKept--;
        }

        return race;
    }

    /// <summary>Keeps a race that nobody has; false if there are enough.</summary>
    internal bool TryKeep(HedgeRace race)
    {
        if (_racesKept == MostRaces)
        {
            return false;
        }

        race.NextIdle = _idleRaces;
        _idleRaces = race;
        _racesKept++;
        return true;
    }

    internal void Enter() => _depth++;

    internal void Exit() => _depth--;

    /// <summary>Keeps an attempt that has ended until <see cref="TellEnded"/>.</summary>
    internal void SetEnded(HedgeAttempt attempt) => _ended = attempt;

    /// <summary>Tells the race of the attempt that has just ended, if any: it may resume the call around it, which must not nest.</summary>
    internal void TellEnded()
    {
        if (_ended is { } ended)
        {
            _ended = null;
            ended.Tell();
        }
    }

    /// <summary>Whether an attempt has just ended; who asks is to tell its race.</summary>
    internal bool TakeEnded(HedgeAttempt attempt)
    {
        Debug.Assert(_ended is null || _ended == attempt, "An attempt is told as soon as its stack is left.");
        if (_ended != attempt)
        {
            return false;
        }

        _ended = null;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CallThread Make() => s_current = new CallThread();
}
