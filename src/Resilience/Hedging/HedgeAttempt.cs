namespace Resilience;

/// <summary>One attempt of a race, whatever the type of the result: its cancellation, its context, and what its call said at its end.</summary>
/// <remarks>
/// Belongs to its race for good, and serves the race's calls one after the other: not the next before nobody can reach the race any more, so
/// that who cancels late cancels nobody else.
/// </remarks>
internal abstract class HedgeAttempt(HedgeRace race, int index) : IThreadPoolWorkItem
{
    private bool _isOutpaced;

    // The first attempt has its call's instead.
    private AttemptSource? _ownSource;

    internal HedgeRace Race => race;

    internal AttemptSource Source { get; private set; } = null!;

    internal int Index => index;

    /// <summary>Counts the races that the object served.</summary>
    internal int Use { get; private set; }

    internal AttemptLink Link => new(this);

    /// <summary>The context that the attempt made, ended with the race.</summary>
    internal CallContext? Context { get; set; }

    internal Verdict Verdict { get; private set; }

    internal bool IsVerdictFinal { get; private set; }

    /// <summary>The number of the last callback that the attempt started.</summary>
    internal int Number { get; private set; }

    internal bool IsRejected { get; private set; }

    /// <summary>Whether the attempt is over; may lag behind.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Why it was started, unless it is the first.</summary>
    internal HedgeReason Reason { get; set; }

    /// <summary>Whether the hook threw before it began.</summary>
    internal bool IsStillborn { get; private set; }

    // Settled by reference, hence not readonly.
    internal RetryDebt Debt;

    /// <summary>Whether it had ended when it was started. Of who starts it, which then tells the race.</summary>
    internal bool HasEndedAtOnce { get; set; }

    void IThreadPoolWorkItem.Execute() => Cancel();

    /// <summary>Cancels the attempt. By who holds the race, and lets go of it.</summary>
    internal void Cancel()
    {
        Source.Cancel();
        Race.Release();
    }

    internal bool IsOutpacedAs(int use) => Volatile.Read(ref _isOutpaced) && Use == use;

    /// <summary>Begins an attempt with the source that its call rented.</summary>
    internal void Begin(AttemptSource source)
    {
        Source = source;
        Number = -1;
        HasEndedAtOnce = false;
    }

    /// <summary>Begins an attempt that <paramref name="caller"/> cancels, too.</summary>
    internal void Begin(CancellationToken caller, bool isReusable)
    {
        if (isReusable)
        {
            _ownSource ??= new AttemptSource();
            _ownSource.Begin(caller);
        }

        Begin(isReusable ? _ownSource! : AttemptSource.Rent(caller, isReusable: false));
    }

    /// <summary>The attempt's call has ended, and says how. Its context is kept for the call, should the attempt win.</summary>
    internal void Report(ref CallFrame frame, CallContext? context)
    {
        Verdict = frame.Verdict;
        IsVerdictFinal = !frame.IsForClassifiers;
        IsRejected = frame.IsRejected;
        Number = frame.IsTurnedBack ? frame.Attempt - 1 : frame.Attempt;
        Context = context;
        IsOver = true;
    }

    /// <summary>The hook threw: nothing ran.</summary>
    internal void EndStillborn(Exception exception)
    {
        Fail(exception);
        IsStillborn = true;
        IsOver = true;
        HasEndedAtOnce = true;
    }

    /// <summary>A hook or a classifier threw: that is what the call ends with. It says nothing of the dependency.</summary>
    internal virtual void Fail(Exception exception)
    {
        Verdict = Verdict.Ignored;
        IsVerdictFinal = true;
    }

    /// <summary>Tells the race that the attempt has ended, with nothing of it on the stack.</summary>
    internal void Tell() => Race.OnEnded(this)?.Invoke();

    /// <summary>Marks the attempt as one that lost.</summary>
    internal void MarkOutpaced() => Volatile.Write(ref _isOutpaced, true);

    /// <summary>Gives back what it holds.</summary>
    internal virtual void End()
    {
        Context?.End();
        if (Source != _ownSource)
        {
            Source.Release();
        }
        else if (!_ownSource.TryEnd())
        {
            _ownSource = null;
        }

        Context = null;
        Source = null!;
        IsOver = false;
        IsRejected = false;
        IsStillborn = false;
        Debt = default;
        Use++;
        Volatile.Write(ref _isOutpaced, false);
    }
}
