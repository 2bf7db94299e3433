namespace Resilience.Rpc;

/// <summary>Mode All: asks everybody, and is over when everybody has answered or failed.</summary>
internal sealed class AllDecision : Decision
{
    /// <inheritdoc/>
    internal override bool UsesOrder => false;

    /// <inheritdoc/>
    internal override bool LeavesOut => false;

    /// <inheritdoc/>
    protected override uint Decide(Ballot ballot)
    {
        if (ballot.Open == 0)
        {
            ballot.Conclude(FanOutStatus.Complete, FanOutEnd.Decided);
        }
        else if (ballot.IsLate)
        {
            ballot.Conclude(FanOutStatus.Incomplete, FanOutEnd.Deadline);
        }

        return ballot.Idle;
    }
}
