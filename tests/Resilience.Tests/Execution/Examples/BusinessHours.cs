namespace Resilience.Tests.Execution.Examples;

/// <summary>A strategy of a user's own that decides: it lets calls through during business hours and refuses the others.</summary>
/// <remarks>Outside this assembly, which sees the internals of the library, the override is just "protected".</remarks>
public sealed class BusinessHours(TimeOnly opens, TimeOnly closes, TimeProvider time) : Strategy("business hours")
{
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
    {
        var now = TimeOnly.FromTimeSpan(time.GetLocalNow().TimeOfDay);
        return now.IsBetween(opens, closes) ? Entry.Go : frame.Refuse(this, RejectionReason.Refused, retryAfter: opens - now);
    }
}
