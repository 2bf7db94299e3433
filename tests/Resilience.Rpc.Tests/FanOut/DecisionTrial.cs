using System.Numerics;

namespace Resilience.Rpc.Tests.FanOut;

/// <summary>
/// Plays a case against a decision, event by event, with books of its own, and tells the first rule that was broken. After each event a run
/// that is not over must have somebody under way; nobody is asked twice; what the caller adds is checked too.
/// </summary>
internal sealed class DecisionTrial
{
    private readonly DecisionCase _case;
    private readonly Decision _decision;
    private readonly Func<DecisionTrial, string?> _check;

    private DecisionTrial(DecisionCase c, Decision decision, Func<DecisionTrial, string?> check) =>
        (_case, _decision, _check) = (c, decision, check);

    public Ballot Ballot { get; } = new();

    public int Count => _case.Count;

    /// <summary>Asked, by the trial's own books.</summary>
    public uint Asked { get; private set; }

    public uint Over { get; private set; }

    public uint Late { get; private set; }

    public bool DeadlinePassed { get; private set; }

    /// <summary>What arrived, by endpoint.</summary>
    public Dictionary<int, int> Arrived { get; } = [];

    public string? Broken { get; private set; }

    public FanOutStatus Status => Ballot.Status;

    /// <summary>The answer taken, or -1.</summary>
    public int Value => Ballot.Winner < 0 ? -1 : Arrived.GetValueOrDefault(Ballot.Winner, -1);

    /// <summary>Who gave an answer.</summary>
    public uint Voters(int answer) => Arrived.Where(vote => vote.Value == answer).Aggregate(0u, (set, vote) => set | (1u << vote.Key));

    /// <summary>Who could still answer, by the trial's own books.</summary>
    public uint Undecided => ((1u << Count) - 1) & ~Over;

    public static DecisionTrial Play(DecisionCase c, Decision decision, Func<DecisionTrial, string?>? check = null)
    {
        var trial = new DecisionTrial(c, decision, check ?? (static _ => null));
        trial.Run();
        return trial;
    }

    private void Run()
    {
        Ballot.Begin(Count, (1u << Count) - 1, _decision.OwnOrder ?? EndpointOrder.Given);
        Ask();
        for (var step = 0; !Ballot.IsOver && Broken is null; step++)
        {
            Step(_case.Schedule[step % _case.Schedule.Length]);
            Broken ??= step > 200 ? "the run does not end" : null;
        }
    }

    private void Step(int pick)
    {
        var events = Events().ToArray();
        events[pick % events.Length]();
        Ask();
    }

    private IEnumerable<Action> Events()
    {
        var some = false;
        for (var i = 0; i < Count; i++)
        {
            var (endpoint, bit) = (i, 1u << i);
            if ((Asked & ~Over & bit) == 0)
            {
                continue;
            }

            if (_case.Fates[i] != Fate.Hangs)
            {
                some = true;
                yield return () => Arrive(endpoint);
            }

            if ((Late & bit) == 0)
            {
                some = true;
                yield return () =>
                {
                    Late |= bit;
                    Ballot.Stall(endpoint);
                };
            }
        }

        if (!some || _case.DeadlineAnytime)
        {
            yield return () =>
            {
                DeadlinePassed = true;
                Ballot.Expire();
            };
        }
    }

    private void Arrive(int endpoint)
    {
        var fate = _case.Fates[endpoint];
        Over |= 1u << endpoint;
        if (!fate.Answers)
        {
            Ballot.Fail(endpoint);
            return;
        }

        Arrived[endpoint] = fate.Answer;
        _ = _decision.Votes || _decision.Compares ? Ballot.Answer(endpoint, (ulong)fate.Answer) : Ballot.Answer(endpoint);
    }

    private void Ask()
    {
        var asked = _decision.Next(Ballot);
        Broken ??= (asked & Asked) != 0 ? $"endpoints {asked & Asked:b} are asked twice" : null;
        Broken ??= asked >= 1u << Count ? "somebody is asked who is not there" : null;
        Asked |= asked;
        Broken ??= !Ballot.IsOver && (Asked & ~Over) == 0 ? "nobody is under way, nothing is decided, and time remains" : null;
        Broken ??= !Ballot.IsOver && DeadlinePassed ? "the deadline has passed and the run goes on" : null;
        Broken ??= _check(this);
    }

    public static int Size(uint set) => BitOperations.PopCount(set);
}
