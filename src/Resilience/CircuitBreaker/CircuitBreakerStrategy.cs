using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A breaker's place in a pipeline: a permit on the way in, kept in the slot, and its report on the way out.</summary>
/// <remarks>The slot keeps the two halves of the permit.</remarks>
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

        slot.Reference = phase;

        // Zero already, but read in Leave: a load from the wide stores that cleared the slot may have to wait for them.
        slot.First = 0;
        return Entry.Go;
    }

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        var reporter = Unsafe.As<Reporter?>(slot.Reference);
        if (reporter is null || (Volatile.Read(ref reporter.Word) == 0 && slot.First == 0 && frame.Verdict.Health == Health.Good))
        {
            return Exit.Continue;
        }

        Report(reporter, slot.First, ref frame);
        return Exit.Continue;
    }

    // The breaker's clock is the pipeline's, so a reading serves both; but not one of the fine scale. Without one the breaker reads what
    // it needs itself.
    private static long Now(ref CallFrame frame) => frame.Core.UsesFineClock ? -1 : frame.TicksIfRead;

    private static void Report(Reporter reporter, long stamp, ref CallFrame frame)
    {
        switch (frame.Verdict.Health)
        {
            case Health.None when frame.IsOutpaced:
                reporter.ReportOutpaced(stamp, Now(ref frame));
                break;
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
        slot.First = permit.Stamp;
        return Entry.Go;
    }
}
