namespace Resilience;

/// <content>What is known of the attempts before.</content>
public sealed partial class CallContext
{
    private readonly List<EarlierOutcome> _earlier = [];
    private GiveUpReason _gaveUp;

    /// <summary>Why the attempt under way is made.</summary>
    public AttemptReason Reason { get; private set; }

    /// <summary>
    /// Why a retry let an outcome go on that asked for another attempt, of the retry that did so last;
    /// <see cref="GiveUpReason.None"/> if none did.
    /// </summary>
    public GiveUpReason GaveUp => Root._gaveUp;

    /// <summary>
    /// How earlier attempts of the call ended, the earliest first: of those that a retry discarded whose
    /// <see cref="RetryOptions.KeptOutcomes"/> is above zero. A copy. The last outcome is the call's own and not among them.
    /// </summary>
    public IReadOnlyList<EarlierOutcome> EarlierOutcomes
    {
        get
        {
            var earlier = Root._earlier;
            lock (earlier)
            {
                return [.. earlier];
            }
        }
    }

    /// <summary>
    /// Says, from within an attempt, that what it does must not be done twice: the call ends with this attempt, and strategies see
    /// <see cref="Again.No"/>. An attempt that a strategy refused before the callback ran may still be followed by another. Where a
    /// strategy wraps the call, it takes a context of the caller's own to reach the strategies outside that one.
    /// </summary>
    public void ForbidAgain()
    {
        _isAgainForbidden = true;
        if (Owner is { } owner)
        {
            owner._isAgainForbidden = true;
        }
    }

    // A part of a call that was left behind must not write into the next call.
    private CallContext? Owner => _root is null ? this : _root._calls == _rootsCall ? _root : null;

    internal void Keep(in EarlierOutcome outcome, int most)
    {
        if (Owner?._earlier is not { } earlier)
        {
            return;
        }

        // Parts of a call that run side by side have retries of their own.
        lock (earlier)
        {
            if (earlier.Count >= most)
            {
                earlier.RemoveRange(0, earlier.Count - most + 1);
            }

            earlier.Add(outcome);
        }
    }

    internal void NoteGiveUp(GiveUpReason reason)
    {
        if (Owner is { } owner)
        {
            owner._gaveUp = reason;
        }
    }

    private void ForgetAttempts()
    {
        _gaveUp = GiveUpReason.None;

        // Without the lock, which would be most of what a context costs: who adds to it while nobody has the call adds to nobody's.
        if (_earlier.Count == 0)
        {
            return;
        }

        lock (_earlier)
        {
            _earlier.Clear();
        }
    }
}
