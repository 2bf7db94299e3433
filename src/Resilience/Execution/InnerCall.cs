namespace Resilience;

/// <summary>
/// What is inside one position of a call under way, for a strategy that runs it itself. Counted: the strategy holds it until its own
/// outcome is there, and each child call until it has ended, so that an abandoned child never finds it given away.
/// </summary>
internal abstract class InnerCall : PendingPart
{
    private const int UseShift = 32;

    // The number of this use in the upper half, its holders in the lower: a handle of an earlier use can never hold a later one.
    private long _state;
    private JudgedFault? _judged;

    internal PipelineCore Core { get; private set; } = null!;

    internal int Position { get; private set; }

    internal long Deadline { get; private set; }

    internal int DeadlineOwner { get; private set; }

    /// <summary>Whose deadline it is and what he had allowed. The call that knows may be over before its parts are.</summary>
    internal DeadlineOrigin DeadlineOrigin { get; private set; }

    internal int Attempt { get; private set; }

    internal AttemptReason Reason { get; private set; }

    internal bool IsSynchronous { get; private set; }

    internal CallContext? Context { get; private set; }

    /// <summary>The attempt of a race inside which the call stands, if any.</summary>
    internal AttemptLink Attempted { get; set; }

    internal CancellationToken CallerToken { get; private set; }

    internal int Use => (int)(Volatile.Read(ref _state) >> UseShift);

    /// <summary>Has <paramref name="continuation"/> run, once, when the part is over.</summary>
    internal abstract void OnCompleted(Action continuation);

    /// <summary>Keeps this use alive until <see cref="Release"/>; false when it is over.</summary>
    internal bool TryHold(int use)
    {
        var state = Volatile.Read(ref _state);
        while ((int)(state >> UseShift) == use && (int)state != 0)
        {
            var seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                return true;
            }

            state = seen;
        }

        return false;
    }

    /// <summary>Makes <paramref name="timeout"/> from now the deadline of what is run from now on, if it is nearer; true if it was.</summary>
    internal bool LowerDeadline(TimeSpan timeout, DeadlineOrigin origin)
    {
        var deadline = Core.DeadlineAfter(timeout, Core.ReadClock());
        if (deadline >= Deadline)
        {
            return false;
        }

        Deadline = deadline;
        DeadlineOwner = Position;
        DeadlineOrigin = origin;
        return true;
    }

    /// <summary>The last holder gives the object back to its pool.</summary>
    internal override void Release()
    {
        var state = Interlocked.Decrement(ref _state);
        if ((int)state != 0)
        {
            return;
        }

        Context?.Drop();
        Core = null!;
        Context = null;
        Attempted = default;
        CallerToken = default;
        _judged = null;
        Volatile.Write(ref _state, ((state >> UseShift) + 1) << UseShift);
        Recycle();
    }

    /// <summary>Remembers what a child call read from its sources, and no classifier could tell from the exception.</summary>
    internal void Judge(Exception exception, Verdict verdict)
    {
        var judged = new JudgedFault(exception, verdict, Volatile.Read(ref _judged));
        while (Interlocked.CompareExchange(ref _judged, judged, judged.Earlier) != judged.Earlier)
        {
            judged = new JudgedFault(exception, verdict, Volatile.Read(ref _judged));
        }
    }

    /// <summary>If the wrapping strategy passes on how a child call failed, so does this the child's verdict.</summary>
    protected void PassVerdict(ref CallFrame frame)
    {
        for (var judged = Volatile.Read(ref _judged); judged is not null; judged = judged.Earlier)
        {
            if (ReferenceEquals(judged.Exception, frame.Exception))
            {
                frame.SetFinalVerdict(judged.Verdict);
                return;
            }
        }
    }

    protected void Begin(ref CallFrame frame)
    {
        Core = frame.Core;
        Position = frame.Position;
        Deadline = frame.Deadline;
        DeadlineOwner = frame.DeadlineOwner;
        DeadlineOrigin = frame.Deadline == CallFrame.NoDeadline ? default : frame.DeadlineOrigin;
        Attempt = frame.Attempt;
        Reason = frame.Reason;
        IsSynchronous = frame.IsSynchronous;
        Context = frame.ContextOrNull;
        Attempted = frame.Attempted;
        Context?.Hold();
        CallerToken = frame.CallerToken;
        Volatile.Write(ref _state, _state + 1);
    }

    protected abstract void Recycle();

    private sealed record JudgedFault(Exception Exception, Verdict Verdict, JudgedFault? Earlier);
}
