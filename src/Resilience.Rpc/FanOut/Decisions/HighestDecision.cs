namespace Resilience.Rpc;

/// <summary>
/// Mode Highest: the highest number that at least one honest endpoint vouches for when f lie: the (f + 1)-th highest of at least 2f + 1,
/// decided at n − f answers, when no more can come, or at the deadline.
/// </summary>
internal sealed class HighestDecision(int liars) : Decision
{
    /// <inheritdoc/>
    internal override bool UsesOrder => false;

    /// <inheritdoc/>
    internal override bool Compares => true;

    private int Least => (2 * liars) + 1;

    /// <inheritdoc/>
    internal override bool CanDecideWith(uint endpoints) => Size(endpoints) >= Least;

    /// <inheritdoc/>
    protected override uint Decide(Ballot ballot)
    {
        var answers = Size(ballot.Answered);
        var left = ballot.IsLate ? 0 : Size(ballot.Open);
        if (answers >= Least && (answers >= ballot.Count - liars || left == 0))
        {
            ballot.Conclude(FanOutStatus.Answered, ballot.IsLate ? FanOutEnd.Deadline : FanOutEnd.Decided, Vouched(ballot));
            return 0;
        }

        if (answers + left < Least)
        {
            ballot.Conclude(FanOutStatus.LowParticipants, ballot.IsLate ? FanOutEnd.Deadline : FanOutEnd.Impossible);
            return 0;
        }

        return ballot.Idle;
    }

    // Who gave the number that exactly `liars` other answers are not below: groups are numbers, so equal ones count as often as given.
    private int Vouched(Ballot ballot)
    {
        var above = uint.MaxValue;
        var counted = 0;
        while (true)
        {
            var highest = -1;
            for (var group = 0; group < ballot.Groups; group++)
            {
                if ((above & (1u << group)) != 0 && (highest < 0 || ballot.Key(group) > ballot.Key(highest)))
                {
                    highest = group;
                }
            }

            counted += Size(ballot.Group(highest));
            if (counted > liars)
            {
                return Ballot.First(ballot.Group(highest));
            }

            above &= ~(1u << highest);
        }
    }
}
