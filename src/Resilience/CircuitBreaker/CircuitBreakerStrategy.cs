using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A breaker's place in a pipeline: a permit on the way in, kept in the slot, and its report on the way out.</summary>
/// <remarks>
/// A plain permit of a closed breaker is its generation's mark in <see cref="Slot.First"/> and nothing else: a reference would cost a write
/// barrier, which breaker.closed measures. Every other permit is its two halves in <see cref="Slot.Reference"/> and <see cref="Slot.Second"/>.
/// </remarks>
internal sealed class CircuitBreakerStrategy(CircuitBreaker breaker) : Strategy(breaker.Options.Name ?? "circuit breaker")
{
    /// <inheritdoc/>
    public override object Options => breaker.Options;

    /// <inheritdoc/>
    public override TimeProvider TimeProvider => breaker.TimeProvider;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => breaker.Options.BreakDurationGenerator is not null;

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
    {
        var phase = breaker.Current;
        if (!phase.Admits)
        {
            return Ask(phase, ref frame, ref slot);
        }

        Keep(phase, ref slot);
        return Entry.Go;
    }

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        var phase = breaker.Current;
        return slot.First == phase.Mark && frame.Verdict.Health == Health.Good && phase.IsFree
            ? Exit.Continue
            : Report(phase, ref frame, ref slot);
    }

    internal CircuitBreaker Breaker => breaker;

    /// <summary>Makes a plain permit of <paramref name="phase"/> what a slot keeps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Keep(Phase phase, ref Slot slot) => slot.First = phase.Mark;

    /// <summary>Whether a call is refused because <paramref name="phase"/> will refuse for long. If not, it has not asked yet.</summary>
    internal bool Refuses(Phase phase, out Fault fault)
    {
        var refused = breaker.Refuses(phase, out var permit);
        fault = refused ? Refusal(permit) : default;
        return refused;
    }

    // The breaker's clock is the pipeline's, so a reading serves both; but not one of the fine scale. Without one the breaker reads what
    // it needs itself.
    private static long Now(ref CallFrame frame) => frame.Core.UsesFineClock ? -1 : frame.TicksIfRead;

    private Fault Refusal(in Permit permit) =>
        new(this, permit.IsIsolated ? RejectionReason.CircuitIsolated : RejectionReason.CircuitOpen, permit.RetryAfter);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Exit Report(Phase phase, ref CallFrame frame, ref Slot slot)
    {
        var health = frame.Verdict.Health;
        var isPlain = slot.First == phase.Mark;
        if (isPlain && health == Health.Good)
        {
            phase.Succeed(Now(ref frame));
            return Exit.Continue;
        }

        var reporter = isPlain ? phase : Unsafe.As<Reporter?>(slot.Reference);
        if (reporter is null)
        {
            // Given in an earlier generation, or to a call that the shadow would have refused.
            if (slot.First != 0 && health != Health.None)
            {
                breaker.CountStale();
            }
        }
        else if (health == Health.None && frame.IsOutpaced)
        {
            reporter.ReportOutpaced(slot.Second, Now(ref frame));
        }
        else if (health == Health.None)
        {
            reporter.Ignore(slot.Second);
        }
        else
        {
            reporter.Report(slot.Second, health == Health.Bad, Pace.Unknown, Now(ref frame));
        }

        return Exit.Continue;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Entry Ask(Phase phase, ref CallFrame frame, ref Slot slot)
    {
        var now = Now(ref frame);
        if (!breaker.Enter(phase, now, frame.Core.UsesFineClock ? 0 : frame.Deadline, out var permit))
        {
            frame.Fault = Refusal(permit);
            return Entry.Refuse;
        }

        slot.Reference = permit.Reporter;
        slot.Second = permit.Stamp;
        return Entry.Go;
    }
}
