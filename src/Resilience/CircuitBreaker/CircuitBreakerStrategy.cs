using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A breaker's place in a pipeline: a permit on the way in, kept in the slot, and its report on the way out.</summary>
/// <remarks>
/// The slot of a plain permit holds the mark of the generation in which it was given, which costs a call no write barrier: a report goes to
/// the phase that is then in force, if its mark is the same. Any other permit leaves the mark zero and keeps both its halves.
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
        // Permit and TryAcquire spelt out: a clean call is two loads here and two in Leave, as breaker.closed measures.
        var phase = breaker.Current;
        if (!phase.Admits)
        {
            return Ask(phase, ref frame, ref slot);
        }

        slot.First = phase.Mark;
        return Entry.Go;
    }

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        var phase = breaker.Current;
        if (slot.First != phase.Mark || Volatile.Read(ref phase.Word) != 0 || frame.Verdict.Health != Health.Good)
        {
            Report(phase, ref frame, ref slot);
        }

        return Exit.Continue;
    }

    // The breaker's clock is the pipeline's, so a reading serves both; but not one of the fine scale. Without one the breaker reads what
    // it needs itself.
    private static long Now(ref CallFrame frame) => frame.Core.UsesFineClock ? -1 : frame.TicksIfRead;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Report(Phase phase, ref CallFrame frame, ref Slot slot)
    {
        var reporter = slot.First == 0 ? Unsafe.As<Reporter?>(slot.Reference) : slot.First == phase.Mark ? phase : null;
        if (reporter is not null)
        {
            Report(reporter, slot.Second, ref frame);
        }
        else if (slot.First != 0 && frame.Verdict.Health != Health.None)
        {
            breaker.CountStale();
        }
    }

    private static void Report(Reporter reporter, long stamp, ref CallFrame frame)
    {
        switch (frame.Verdict.Health)
        {
            case Health.None:
                reporter.Ignore(stamp);
                break;
            case var health:
                reporter.Report(stamp, health == Health.Bad, Pace.Unknown, Now(ref frame));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Entry Ask(Phase phase, ref CallFrame frame, ref Slot slot)
    {
        var now = Now(ref frame);
        if (!breaker.Enter(phase, now, frame.Core.UsesFineClock ? 0 : frame.Deadline, out var permit))
        {
            return frame.Refuse(
                this, permit.IsIsolated ? RejectionReason.CircuitIsolated : RejectionReason.CircuitOpen, permit.RetryAfter);
        }

        slot.Reference = permit.Reporter;
        slot.Second = permit.Stamp;
        return Entry.Go;
    }
}
