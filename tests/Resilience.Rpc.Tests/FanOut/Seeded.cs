namespace Resilience.Rpc.Tests.FanOut;

/// <summary>Decisions with a known bug, which the properties must catch.</summary>
internal static class Seeded
{
    /// <summary>Agrees one vote too early.</summary>
    internal static Decision EarlyQuorum(int quorum) => new QuorumDecision(quorum - 1, default);

    /// <summary>Takes the first answer for the agreed one.</summary>
    internal sealed class Hasty : Decision
    {
        internal override bool Votes => true;

        protected override uint Decide(Ballot ballot)
        {
            if (ballot.Groups > 0)
            {
                ballot.Conclude(FanOutStatus.Agreed, FanOutEnd.Decided, Ballot.First(ballot.Group(0)));
            }
            else if (ballot.Open == 0 || ballot.IsLate)
            {
                ballot.Conclude(FanOutStatus.LowParticipants, FanOutEnd.Impossible);
            }

            return ballot.Idle;
        }
    }

    /// <summary>A quorum with one line changed.</summary>
    internal sealed class Quorum(int quorum, Fault fault) : Decision
    {
        internal override bool Votes => true;

        protected override uint Decide(Ballot ballot)
        {
            var best = 0;
            for (var group = 0; group < ballot.Groups; group++)
            {
                best = Math.Max(best, Size(ballot.Group(group)));
                if (Size(ballot.Group(group)) >= quorum)
                {
                    ballot.Conclude(FanOutStatus.Agreed, FanOutEnd.Decided, Ballot.First(ballot.Group(group)));
                    return 0;
                }
            }

            var open = fault == Fault.ForgetsIdle ? ballot.Open & ballot.Started & ~ballot.Stalled : ballot.Open;
            var impossible = fault == Fault.WaitsForAll ? open == 0 : best + Size(open) < quorum && ballot.Started != 0;
            if (impossible || ballot.IsLate)
            {
                ballot.Conclude(
                    ballot.Groups > 1 ? FanOutStatus.Dispute : FanOutStatus.LowParticipants,
                    ballot.IsLate ? FanOutEnd.Deadline : FanOutEnd.Impossible);
                return 0;
            }

            var counted = ballot.Open & ballot.Started & (fault == Fault.TrustsTheLate ? uint.MaxValue : ~ballot.Stalled);
            var starts = 0u;
            for (var idle = ballot.Idle; idle != 0 && best + Size(counted | starts) < quorum; idle &= ~starts)
            {
                starts |= 1u << ballot.Order.FirstOf(idle);
            }

            return fault == Fault.StartsOnce && ballot.Started != 0 ? 0 : starts;
        }
    }

    internal enum Fault
    {
        None,
        ForgetsIdle,
        WaitsForAll,
        TrustsTheLate,
        StartsOnce,
    }
}
