using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// A state of a breaker with all that belongs to it. Replaced as a whole by one compare-exchange, never changed into another: what is late
/// writes to a phase that nobody reads any more.
/// </summary>
internal abstract class Phase : Reporter
{
    /// <summary>Whether every call goes through with a plain permit. Turns true when a recovery has ended, never false.</summary>
    internal bool Admits;

    /// <summary>
    /// A success that is not slow, before this tick, would change nothing; zero: none is known of. Negated where the breaker's clock is not
    /// the system's, whose tick it must not be compared with.
    /// </summary>
    internal long FreeUntil;

    protected Phase(CircuitBreaker owner, CircuitRules rules, CircuitState state, in PhaseOrigin origin)
    {
        Owner = owner;
        Rules = rules;
        State = state;
        Origin = origin;
        Word = 1;
    }

    /// <summary>Whether a success that is not slow would change nothing.</summary>
    internal bool IsFree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref Word) == 0 || Volatile.Read(ref FreeUntil) > CoarseTick.Known;
    }

    /// <summary>Names the generation; never zero.</summary>
    internal long Mark => ~Origin.Generation;

    internal CircuitBreaker Owner { get; }

    internal CircuitRules Rules { get; }

    /// <summary>The state that decides; a breaker in the shadow shows <see cref="CircuitState.Shadow"/> instead.</summary>
    internal CircuitState State { get; }

    internal PhaseOrigin Origin { get; }

    internal CircuitState Shown => Origin.Shadowing ? CircuitState.Shadow : State;

    /// <summary>Whether this is a state that refuses calls.</summary>
    internal bool MayRefuse => !Origin.Shadowing && State is (CircuitState.Open or CircuitState.HalfOpen or CircuitState.Isolated);

    /// <summary>How long it will certainly refuse calls, by the shared tick: zero if that is not long, negative for ever.</summary>
    internal virtual long LongWait => 0;

    /// <summary>Asks to go through, where <see cref="Admits"/> is false.</summary>
    /// <param name="now">The coarse time, or negative where nobody has read it.</param>
    /// <param name="deadline">When the call must have ended, on the coarse scale; zero or the greatest value for none.</param>
    /// <param name="permit">The permit or, refused, the wait.</param>
    internal abstract Admission TryEnter(long now, long deadline, out Permit permit);

    /// <summary>How often the breaker has opened in a row, should it open now.</summary>
    internal virtual int OpensBefore(long now) => Origin.Opens;

    /// <summary>When a call may go through, as <see cref="Permit.RetryAfter"/>; negative for never.</summary>
    internal virtual long Wait(long now) => 0;

    /// <summary>Moves the end of an open phase.</summary>
    internal virtual void SetEnd(long until)
    {
    }

    /// <summary>What this phase has counted, and how much time that covers; zero where it does not know.</summary>
    internal virtual Tally Read(long now, out long covered)
    {
        covered = 0;
        return default;
    }

    /// <summary>The phase that goes on in this one's place under other rules, with its history; null where the old rules hold to the end.</summary>
    internal virtual Phase? Under(CircuitRules rules) => null;

    /// <summary>Another phase goes on in this one's place: what is reported here from now on is for that one, even a success.</summary>
    internal virtual void Retire()
    {
    }

    /// <summary>Takes in an outcome from the history of another phase.</summary>
    internal virtual void Restore(bool failed, bool slow)
    {
    }

    /// <summary>Takes in a success through a plain permit, while this is the breaker's phase.</summary>
    internal virtual void Succeed(long now) => Report(0, failed: false, Pace.Unknown, now);

    internal override void Report(long stamp, bool failed, Pace pace, long now)
    {
    }

    internal override void Ignore(long stamp)
    {
    }
}
