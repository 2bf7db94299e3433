using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// A breaker of two words: its state, and a shift register of outcomes under the generation that they belong to. Outcomes under another
/// generation than the state's are none: nothing is ever cleared. The register is kept XOR its full and clean value, so that in the first
/// generation, which most keys never leave, zero means full and clean. A thread that stalls while the state changes 65,536 times may take
/// a generation for another.
/// </summary>
internal class SmallBreaker<TI> : Reporter
    where TI : struct, IInterleaving
{
    private const int TagShift = 48;
    private const long OutcomesMask = (1L << TagShift) - 1;
    private static readonly long s_longestGrace = TimeSpan.TicksPerSecond;
    private readonly SmallRules _shared;
    private long _state;

    internal SmallBreaker(SmallRules shared)
    {
        _shared = shared;
        Word = 1 ^ shared.Full;
    }

    internal SmallState State => new(Volatile.Read(ref _state));

    internal CircuitState Shown => State.Kind switch
    {
        SmallState.KindOf.Open => CircuitState.Open,
        SmallState.KindOf.HalfOpen => CircuitState.HalfOpen,
        SmallState.KindOf.Isolated => CircuitState.Isolated,
        _ => CircuitState.Closed,
    };

    private int Width => _shared.Rules.CountsSlow ? 2 : 1;

    /// <summary>What its window holds.</summary>
    internal Tally Tally => Count(OutcomesOf(Volatile.Read(ref Word), State.Generation));

    /// <summary>Whether it has fewer calls than a ratio needs, and is closed.</summary>
    internal bool LeansStill => State.Kind == SmallState.KindOf.Closed && Tally.Calls < _shared.Rules.Least;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Admission TryEnter(out Permit permit)
    {
        TI.Point(100);
        var state = State;
        if (state.Kind != SmallState.KindOf.Closed)
        {
            return TryEnterElse(state, out permit);
        }

        permit = new Permit(this, state.Word);
        return Admission.Admitted;
    }

    internal override void Report(long stamp, bool failed, Pace pace, long now)
    {
        var given = new SmallState(stamp);
        TI.Point(101);
        var state = State;
        if (state.Generation != given.Generation || state.Kind == SmallState.KindOf.Evicted)
        {
            _shared.Counters.Increment(SmallRules.StaleColumn);
            return;
        }

        var slow = _shared.Rules.CountsSlow && pace == Pace.Slow;
        if (given.Kind == SmallState.KindOf.HalfOpen)
        {
            Decide(state, failed || slow);
            return;
        }

        if (_shared.Leans && LeansStill && _shared.Parent.TryAcquire(out var told))
        {
            told.Report(failed ? Health.Bad : Health.Good, slow, -1);
        }

        Record(state, failed, slow);
    }

    internal override void Ignore(long stamp)
    {
        var given = new SmallState(stamp);
        for (var state = State; given.Kind == SmallState.KindOf.HalfOpen && state.Generation == given.Generation && state.Nonce == given.Nonce; state = State)
        {
            if (TryMove(state, state.With(state.Nonce + 1, seenOverdue: false, 0)))
            {
                return;
            }
        }
    }

    /// <summary>Isolates or closes it by hand; not once it is evicted.</summary>
    internal bool Force(SmallState.KindOf kind)
    {
        while (true)
        {
            var state = State;
            if (state.Kind == SmallState.KindOf.Evicted)
            {
                return false;
            }

            if (TryMove(state, state.Next(kind, 0, 0)))
            {
                // A clean word of the first generation would hide the successes of the next.
                Interlocked.CompareExchange(ref Word, 1 ^ _shared.Full, 0);
                return true;
            }
        }
    }

    /// <summary>Takes it out of use, if it is closed: what is reported to it later moves nothing.</summary>
    internal bool TryEvict() => State is { Kind: SmallState.KindOf.Closed } state && TryMove(state, state.Next(SmallState.KindOf.Evicted, 0, 0));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Admission TryEnterElse(SmallState state, out Permit permit)
    {
        switch (state.Kind)
        {
            case SmallState.KindOf.Isolated:
                permit = new Permit(null, -1);
                return Admission.Refused;
            case SmallState.KindOf.Evicted:
                permit = default;
                return Admission.Over;
            default:
                return TryProbe(state, out permit);
        }
    }

    private Admission TryProbe(SmallState state, out Permit permit)
    {
        var now = _shared.Now;
        var lease = _shared.Rules.Options.ProbeLease.Ticks;
        var halfOpen = state.Kind == SmallState.KindOf.HalfOpen;
        if (now < state.Time)
        {
            // Nothing is known of when a probe will report.
            permit = new Permit(null, halfOpen ? 0 : (state.Time - now) * TimeSpan.TicksPerMillisecond);
            return Admission.Refused;
        }

        if (halfOpen && state.Time != 0 && !state.SeenOverdue)
        {
            // Somebody has now seen the lease overdue; a probe that merely stood still with everything else has a grace to report.
            TryMove(state, state.With(state.Nonce, seenOverdue: true, _shared.After(Math.Min(lease, s_longestGrace))));
            permit = default;
            return Admission.Refused;
        }

        var end = _shared.After(lease);
        var next = halfOpen ? state.With(state.Nonce + 1, seenOverdue: false, end) : state.Next(SmallState.KindOf.HalfOpen, state.Opens, end);
        permit = new Permit(this, next.Word);
        if (TryMove(state, next))
        {
            return Admission.Admitted;
        }

        permit = default;
        return Admission.Over;
    }

    // The lease may have passed on within the generation: a late result counts all the same, the first of them alone.
    private void Decide(SmallState state, bool failed)
    {
        for (var generation = state.Generation; state.Generation == generation; state = State)
        {
            if (TryMove(state, failed ? Opened(state) : state.Next(SmallState.KindOf.Closed, 0, 0)))
            {
                return;
            }
        }
    }

    private void Record(SmallState state, bool failed, bool slow)
    {
        var code = (failed ? 1L : 0) | (slow ? 2L : 0);
        var full = _shared.Full;
        while (true)
        {
            TI.Point(102);
            var seen = Volatile.Read(ref Word);
            if ((short)(state.Generation - (ushort)(seen >>> TagShift)) < 0)
            {
                return;
            }

            var outcomes = OutcomesOf(seen, state.Generation);
            var next = (outcomes << Width) | code;
            next = outcomes >= full ? (next & (full - 1)) | full : next;
            var word = ((long)state.Generation << TagShift) | (next ^ full);
            if (word == seen)
            {
                return;
            }

            TI.Point(103);
            if (Interlocked.CompareExchange(ref Word, word, seen) == seen)
            {
                Judge(state, next);
                return;
            }
        }
    }

    private void Judge(SmallState state, long outcomes)
    {
        var rules = _shared.Rules;
        var row = rules.ConsecutiveFailures > 0 ? FailuresInARow(outcomes) : 0;
        if (rules.Judge(Count(outcomes)) != CircuitReason.Started || (rules.ConsecutiveFailures > 0 && row >= rules.ConsecutiveFailures))
        {
            TryMove(state, Opened(state));
        }
    }

    private SmallState Opened(SmallState state) =>
        state.Next(SmallState.KindOf.Open, state.Opens + 1, _shared.After(BreakSchedule.Ticks(_shared.Rules.Options, state.Opens + 1)));

    private bool TryMove(SmallState from, SmallState to)
    {
        TI.Point(104);
        return Interlocked.CompareExchange(ref _state, to.Word, from.Word) == from.Word;
    }

    private int FailuresInARow(long outcomes)
    {
        var failed = Width == 1 ? ~outcomes : ~outcomes & 0x5555_5555_5555_5555;
        return Math.Min(BitOperations.TrailingZeroCount(failed) / Width, BitOperations.Log2((ulong)outcomes) / Width);
    }

    private long OutcomesOf(long word, ushort generation) =>
        (ushort)(word >>> TagShift) == generation ? (word & OutcomesMask) ^ _shared.Full : 1;

    private Tally Count(long outcomes)
    {
        var sentinel = BitOperations.Log2((ulong)outcomes);
        var bits = outcomes ^ (1L << sentinel);
        return Width == 1
            ? new Tally(sentinel, long.PopCount(bits), 0)
            : new Tally(sentinel >> 1, long.PopCount(bits & 0x5555_5555_5555_5555), long.PopCount(bits & ~0x5555_5555_5555_5555));
    }
}
