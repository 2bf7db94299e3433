namespace Resilience.Rpc;

/// <summary>
/// One acceptable answer is enough. How many are asked at once makes the mode: everybody (FirstSuccess), one and the next when it fails or is
/// late (Hedged), one and the next when it fails (Sequential), or one alone (Once).
/// </summary>
/// <param name="atOnce">Whether everybody is asked at once.</param>
/// <param name="heedsStalls">Whether the next is asked when one is late.</param>
/// <param name="most">How many endpoints are asked at most.</param>
internal sealed class FirstDecision(bool atOnce, bool heedsStalls, int most = int.MaxValue) : Decision
{
    /// <inheritdoc/>
    internal override bool UsesOrder => !atOnce;

    /// <inheritdoc/>
    internal override bool HeedsStalls => heedsStalls;

    /// <inheritdoc/>
    internal override bool IsBudgeted => heedsStalls;

    /// <inheritdoc/>
    internal override bool Retries => most > 1;

    /// <inheritdoc/>
    protected override uint Decide(Ballot ballot)
    {
        if (ballot.Answered != 0)
        {
            ballot.Conclude(FanOutStatus.Answered, FanOutEnd.Decided, Ballot.First(ballot.Answered));
            return 0;
        }

        if (ballot.IsLate)
        {
            ballot.Conclude(FanOutStatus.Failed, FanOutEnd.Deadline);
            return 0;
        }

        var underWay = ballot.Open & ballot.Started;
        var next = Size(ballot.Started) < most ? ballot.Idle : 0;
        if ((underWay | next) == 0)
        {
            ballot.Conclude(FanOutStatus.Failed, FanOutEnd.Impossible);
            return 0;
        }

        if (atOnce)
        {
            return next;
        }

        var prompt = heedsStalls ? underWay & ~ballot.Stalled : underWay;
        return prompt == 0 && next != 0 ? 1u << ballot.Order.FirstOf(next) : 0;
    }
}
