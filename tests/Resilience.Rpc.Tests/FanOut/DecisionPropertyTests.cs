using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Rpc.Tests.FanOut;

/// <summary>
/// The decision of every mode against rules stated on the events alone, over random fates and orders. A failure prints the seed; replay it with
/// <c>Config.WithReplay</c>.
/// </summary>
public sealed class DecisionPropertyTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(3_000).WithQuietOnSuccess(true);

    private static int Majority(int count) => (count / 2) + 1;

    [Fact]
    public void WhenAnyModeRuns_ItEnds_AndAsksNobodyTwice() => Check.One(s_config, Prop.ForAll(DecisionCase.Any, c =>
        Every(c).All(decision => DecisionTrial.Play(c, decision).Broken is null)));

    [Fact]
    public void WhenAQuorumIsReported_SoManyGaveThatAnswer_AndOtherwiseNobodyDid() =>
        Check.One(s_config, Prop.ForAll(DecisionCase.Any, c => QuorumHolds(c, new QuorumDecision(Majority(c.Count), default), Majority(c.Count))));

    [Fact]
    public void WhenAQuorumIsLargerThanAMajority_TheSameHolds() =>
        Check.One(s_config, Prop.ForAll(DecisionCase.Any, c => QuorumHolds(c, new QuorumDecision(c.Count, default), c.Count)));

    [Fact]
    public void WhenAQuorumDecisionHasABug_TheRulesCatchIt()
    {
        Caught(c => QuorumHolds(c, Seeded.EarlyQuorum(Majority(c.Count) + 1), Majority(c.Count) + 1));
        Caught(c => QuorumHolds(c, new Seeded.Hasty(), Majority(c.Count)));
        foreach (var fault in Enum.GetValues<Seeded.Fault>().Where(fault => fault != Seeded.Fault.None))
        {
            Caught(c => QuorumHolds(c, new Seeded.Quorum(Majority(c.Count), fault), Majority(c.Count)));
        }

        Check.One(s_config, Prop.ForAll(DecisionCase.Any, c => QuorumHolds(c, new Seeded.Quorum(Majority(c.Count), Seeded.Fault.None), Majority(c.Count))));
    }

    [Fact]
    public void WhenFewerThanTheQuorumLie_NoLieIsAgreedOn() => Check.One(s_config, Prop.ForAll(DecisionCase.Any, c =>
    {
        var quorum = Majority(c.Count);
        var liars = c.Fates.Count(fate => fate.Answer > 0);
        var trial = DecisionTrial.Play(c, new QuorumDecision(quorum, default));
        return trial.Status != FanOutStatus.Agreed || liars >= quorum || trial.Value == 0;
    }));

    [Fact]
    public void WhenTheSameAnswersComeInAnotherOrder_WhatIsAgreedOnIsTheSame() =>
        Check.One(s_config, Prop.ForAll(DecisionCase.Any, c => SameInAnyOrder(c, () => new QuorumDecision(Majority(c.Count), default))));

    [Fact]
    public void WhenNoDeadlineCutsItShort_ThePluralityIsTheSameInAnyOrder()
    {
        var plurality = new DisputeRule(DisputeKind.Plurality, -1);
        Check.One(s_config, Prop.ForAll(DecisionCase.Any, c => SameInAnyOrder(
            c with { DeadlineAnytime = false, Fates = [.. c.Fates.Where(fate => fate != Fate.Hangs).DefaultIfEmpty(Fate.Fails)] },
            () => new QuorumDecision(Majority(c.Fates.Where(fate => fate != Fate.Hangs).DefaultIfEmpty().Count()), plurality))));
    }

    [Fact]
    public void WhenWeightsCount_AgreementNeedsTheThresholdAndTheTags() => Check.One(s_config, Prop.ForAll(DecisionCase.Any, c =>
    {
        int[] weights = [.. Enumerable.Range(0, c.Count).Select(i => 1 + (c.Schedule[i] % 5))];
        var threshold = (weights.Sum() / 2) + 1;
        var (tagged, least) = (1u | (1u << (c.Count - 1)), 1);
        bool Reaches(uint set) =>
            Enumerable.Range(0, c.Count).Sum(i => (set >> i & 1) * weights[i]) >= threshold && DecisionTrial.Size(set & tagged) >= least;
        var decision = new WeightedDecision(weights, threshold, [(tagged, least)], default);
        return DecisionTrial.Play(c, decision, trial => Violation(trial, Reaches)).Broken is null
            && SameInAnyOrder(c, () => new WeightedDecision(weights, threshold, [(tagged, least)], default));
    }));

    [Fact]
    public void WhenWeightsDiffer_TheHeaviestAreAskedFirst()
    {
        var ballot = new Ballot();
        var decision = new WeightedDecision([1, 5, 2, 4], 7, [], default);
        ballot.Begin(4, 0b1111, decision.OwnOrder!.Value);
        Assert.Equal(0b1010u, decision.Next(ballot));
    }

    [Fact]
    public void WhenSoManyLieAboutANumber_AnHonestOneVouchesForIt() => Check.One(s_config, Prop.ForAll(DecisionCase.Any, c =>
    {
        // Those who answer 2 or more lie; the honest say 0 or 1.
        var liars = c.Schedule[0] % ((c.Count + 1) / 2);
        var lie = c.Fates.Count(fate => fate.Answer >= 2);
        var trial = DecisionTrial.Play(c, new HighestDecision(liars));
        if (trial.Status == FanOutStatus.LowParticipants)
        {
            return trial.Arrived.Count < (2 * liars) + 1 && trial.Broken is null;
        }

        var sorted = trial.Arrived.Values.OrderDescending().ToArray();
        return trial.Broken is null && trial.Value == sorted[liars] && (lie > liars || trial.Value < 2)
            && (sorted.Length >= c.Count - liars || trial.DeadlinePassed || trial.Undecided == 0);
    }));

    [Fact]
    public void WhenOneAnswerIsEnough_ItIsTakenAtOnce_AndFailureMeansThatNobodyIsLeft() => Check.One(s_config, Prop.ForAll(DecisionCase.Any, c =>
        Firsts().All(decision => DecisionTrial.Play(c, decision, trial => trial switch
        {
            { Arrived.Count: > 0, Status: not FanOutStatus.Answered } => "an answer is there and not taken",
            { Status: FanOutStatus.Failed, DeadlinePassed: false, Undecided: not 0 } => "somebody could still answer",
            _ => null,
        }).Broken is null)));

    [Fact]
    public void WhenHedged_TheNextIsAskedOnlyAtAStallOrAFailure() => Check.One(s_config, Prop.ForAll(DecisionCase.Any, c =>
        DecisionTrial.Play(c, new FirstDecision(atOnce: false, heedsStalls: true), trial =>
            DecisionTrial.Size(trial.Asked) > 1 + DecisionTrial.Size(trial.Late | trial.Over) ? "asked without a reason"
            : trial.Status == FanOutStatus.Running && (trial.Asked & ~trial.Over & ~trial.Late) == 0 && DecisionTrial.Size(trial.Asked) < trial.Count
                ? "all are late and nobody else is asked"
            : null).Broken is null));

    [Fact]
    public void WhenAskedOnce_NobodyElseIsAsked() => Check.One(s_config, Prop.ForAll(DecisionCase.Any, c =>
        DecisionTrial.Play(c, new FirstDecision(atOnce: false, heedsStalls: false, most: 1),
            trial => DecisionTrial.Size(trial.Asked) > 1 ? "a second was asked" : null).Broken is null));

    [Fact]
    public void WhenALeaderIsNamed_ItsAnswerSettlesTheDispute() => Check.One(s_config, Prop.ForAll(DecisionCase.Any, c =>
    {
        var trial = DecisionTrial.Play(c, new QuorumDecision(Majority(c.Count), new DisputeRule(DisputeKind.Leader, 0)));
        return trial.Broken is null && (trial.Status != FanOutStatus.Leader || trial.Ballot.Winner == 0)
            && (trial.Status != FanOutStatus.Dispute || !c.Fates[0].Answers || trial.DeadlinePassed);
    }));

    private static IEnumerable<Decision> Firsts() =>
        from atOnce in new[] { true, false }
        from stalls in new[] { true, false }
        select new FirstDecision(atOnce, stalls);

    private static IEnumerable<Decision> Every(DecisionCase c)
    {
        int[] weights = [.. Enumerable.Range(0, c.Count).Select(i => 1 + (c.Schedule[i] % 3))];
        DisputeRule[] rules = [default, new(DisputeKind.Plurality, -1), new(DisputeKind.Leader, c.Count - 1)];
        return
        [
            new AllDecision(), new HighestDecision((c.Count - 1) / 2), new FirstDecision(false, false, 1), .. Firsts(),
            .. rules.Select(rule => new QuorumDecision(Majority(c.Count), rule)),
            .. rules.Select(rule => new WeightedDecision(weights, (weights.Sum() / 2) + 1, [], rule)),
        ];
    }

    private static bool QuorumHolds(DecisionCase c, Decision decision, int quorum) =>
        DecisionTrial.Play(c, decision, trial => Violation(trial, set => DecisionTrial.Size(set) >= quorum)).Broken is null;

    // What an observer says who knows the events and what reaches the threshold.
    private static string? Violation(DecisionTrial trial, Func<uint, bool> reaches)
    {
        uint[] groups = [0, .. Enumerable.Range(0, 16).Select(trial.Voters).Where(voters => voters != 0)];
        var agreed = groups.Any(reaches);
        var possible = groups.Any(group => reaches(group | trial.Undecided));
        return (trial.Status, trial.Ballot.End) switch
        {
            (FanOutStatus.Agreed, _) => !agreed || !reaches(trial.Voters(trial.Value)) ? "a false agreement" : null,
            _ when agreed => "an agreement is missed",
            (FanOutStatus.Running, _) when !possible => "it is impossible and not announced",
            (FanOutStatus.Running, _) when !groups.Any(group => reaches(group | (trial.Asked & ~trial.Over & ~trial.Late)))
                && DecisionTrial.Size(trial.Asked) < trial.Count => "too few are asked",
            (FanOutStatus.Running, _) => null,
            (_, FanOutEnd.Impossible) when possible => "it is possible and given up",
            (FanOutStatus.Dispute, _) => groups.Length < 3 ? "a dispute of one" : null,
            (FanOutStatus.LowParticipants, _) => groups.Length > 2 ? "a dispute that is not called so" : null,
            _ => "a status that a quorum does not have",
        };
    }

    private static bool SameInAnyOrder(DecisionCase c, Func<Decision> decision)
    {
        var one = DecisionTrial.Play(c, decision());
        var other = DecisionTrial.Play(c with { Schedule = [.. c.Schedule.Reverse()] }, decision());
        return one.Value < 0 || other.Value < 0 || one.Value == other.Value;
    }

    private static void Caught(Func<DecisionCase, bool> holds)
    {
        var caught = Gen.Sample(DecisionCase.Any.Generator, 2_000).Any(c => c.Count > 1 && !holds(c));
        Assert.True(caught, "a seeded bug survived 2,000 cases");
    }
}
