namespace Resilience.Rpc;

/// <summary>A moment at which a run wants to be told that it has come: its deadline, or an endpoint's being late. Pooled; armed once a use.</summary>
internal sealed class Alarm(Clock clock, AlarmPool home) : DeadlineItem<Production>(clock.Sweeper)
{
    private IAlarmed? _target;
    private int _subject;
    private long _word;

    /// <summary>Sets the alarm. The run is told, or disarms; one of the two.</summary>
    /// <param name="target">Whom to tell.</param>
    /// <param name="subject">About what.</param>
    /// <param name="word">When, as the sweeper's table says it.</param>
    internal void Set(IAlarmed target, int subject, long word)
    {
        (_target, _subject, _word) = (target, subject, word);
        Arm(word);
    }

    /// <summary>Takes the alarm back; false if the run has been or will be told.</summary>
    internal bool TryCancel()
    {
        if (!TryDisarm(_word))
        {
            return false;
        }

        Retire();
        return true;
    }

    /// <inheritdoc/>
    protected internal override void OnDue()
    {
        // The run is told before the alarm goes back, so that within the run's gate an alarm it still knows is its own.
        _target!.OnAlarm(_subject, WasLate);
        Retire();
    }

    private void Retire()
    {
        _target = null;
        if (!home.TryReturn(this))
        {
            LeaveTable();
        }
    }
}
