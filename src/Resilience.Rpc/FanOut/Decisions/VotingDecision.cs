namespace Resilience.Rpc;

/// <summary>
/// Equal answers count together, and a group that reaches the threshold is the answer. At most one group can, whatever the order in which
/// answers come, because the threshold is more than half of all votes there are.
/// </summary>
/// <param name="dispute">What to do when no group can reach it.</param>
internal abstract class VotingDecision(DisputeRule dispute) : Decision
{
    /// <inheritdoc/>
    internal sealed override bool HeedsStalls => true;

    /// <inheritdoc/>
    internal sealed override bool Votes => true;

    /// <inheritdoc/>
    internal sealed override bool CanDecideWith(uint endpoints) => Reaches(endpoints);

    /// <summary>Whether these endpoints together reach the threshold. A larger set reaches it too.</summary>
    protected abstract bool Reaches(uint endpoints);

    /// <summary>How much the votes of these endpoints count together.</summary>
    protected abstract long Weight(uint endpoints);

    /// <inheritdoc/>
    protected sealed override uint Decide(Ballot ballot)
    {
        for (var group = 0; group < ballot.Groups; group++)
        {
            if (Reaches(ballot.Group(group)))
            {
                ballot.Conclude(FanOutStatus.Agreed, FanOutEnd.Decided, Ballot.First(ballot.Group(group)));
                return 0;
            }
        }

        if (ballot.IsLate)
        {
            return Resolve(ballot, FanOutEnd.Deadline);
        }

        if (!AnyCouldReach(ballot, ballot.Open))
        {
            return Resolve(ballot, FanOutEnd.Impossible);
        }

        var counted = ballot.Open & ballot.Started & ~ballot.Stalled;
        var starts = 0u;
        for (var idle = ballot.Idle; idle != 0 && !AnyCouldReach(ballot, counted | starts); idle &= ~starts)
        {
            starts |= 1u << ballot.Order.FirstOf(idle);
        }

        return starts;
    }

    // Whether some group, or one that nobody is in yet, would reach the threshold if all of these joined it.
    private bool AnyCouldReach(Ballot ballot, uint joining)
    {
        if (Reaches(joining))
        {
            return true;
        }

        for (var group = 0; group < ballot.Groups; group++)
        {
            if (Reaches(ballot.Group(group) | joining))
            {
                return true;
            }
        }

        return false;
    }

    private uint Resolve(Ballot ballot, FanOutEnd end)
    {
        var unresolved = ballot.Groups > 1 ? FanOutStatus.Dispute : FanOutStatus.LowParticipants;
        var (status, winner, awaited) = dispute.Kind switch
        {
            DisputeKind.Plurality => Plurality(ballot, unresolved),
            DisputeKind.Leader => Leader(ballot, unresolved),
            _ => (unresolved, -1, 0u),
        };

        // Whoever could still settle the dispute is waited for, until the deadline.
        if (awaited != 0 && !ballot.IsLate)
        {
            return awaited & ballot.Idle;
        }

        ballot.Conclude(status, end, winner);
        return 0;
    }

    // Settled when the largest group leads by more than all who could still vote weigh, so that the order of answers cannot change it.
    private (FanOutStatus Status, int Winner, uint Awaited) Plurality(Ballot ballot, FanOutStatus unresolved)
    {
        var (best, second, largest) = (0L, 0L, 0u);
        for (var group = 0; group < ballot.Groups; group++)
        {
            var weight = Weight(ballot.Group(group));
            if (weight > best)
            {
                (best, second, largest) = (weight, best, ballot.Group(group));
            }
            else
            {
                second = Math.Max(second, weight);
            }
        }

        var disputed = unresolved == FanOutStatus.Dispute;
        var awaited = disputed && best > second + Weight(ballot.Open) ? 0 : ballot.Open;
        return disputed && best > second ? (FanOutStatus.Plurality, Ballot.First(largest), awaited) : (unresolved, -1, awaited);
    }

    private (FanOutStatus Status, int Winner, uint Awaited) Leader(Ballot ballot, FanOutStatus unresolved)
    {
        var leader = 1u << dispute.Leader;
        return unresolved == FanOutStatus.Dispute && (ballot.Answered & leader) != 0
            ? (FanOutStatus.Leader, dispute.Leader, 0)
            : (unresolved, -1, ballot.Open & leader);
    }
}
