using FsCheck;
using FsCheck.Fluent;
using Resilience.Tests.Execution;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Hedging;

/// <summary>Races of scripted attempts against a naive telling of them.</summary>
public class HedgingModelTests : HedgingTestBase
{
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly Verdict s_failsForGood = Verdict.Throttled(TimeSpan.FromDays(1));

    [Fact]
    public void WhenAttemptsGoByAnyScript_WinnerStartsAndTimesAreThoseOfTheModel()
    {
        var told = 0;
        var property = Prop.ForAll(Scripts().ToArbitrary(), script =>
        {
            var expected = script.Run();
            if (expected is null)
            {
                return true;
            }

            told++;
            return Play(script, expected.Value);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithQuietOnSuccess(true), property);
        Suite.Report("hedging: races against the model", $"{told:N0} races");
        AssertNothingIsLeft();
    }

    [Fact]
    public void WhenFailuresComeInAnyOrder_TheWinnerIsTheSame()
    {
        var property = Prop.ForAll(
            (from count in Gen.Choose(2, 10)
             from order in Gen.Shuffle(Enumerable.Range(0, count))
             from winner in Gen.Choose(0, count - 1)
             select (Order: order, Winner: winner)).ToArbitrary(),
            race =>
            {
                var starts = new Starts<int>(heedsTokens: false);
                var call = Hedged<int>(race.Order.Length, HedgeDelay.Parallel).ExecuteAsync(starts.Run, Stop);
                foreach (var index in race.Order.Where(index => index != race.Winner))
                {
                    starts[index].Fail(new ScriptedException("loses"));
                }

                var early = call.IsCompleted;
                starts[race.Winner].Return(race.Winner);
                return !early && call.IsCompleted && call.GetAwaiter().GetResult() == race.Winner && starts.Count == race.Order.Length;
            });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true), property);
        AssertNothingIsLeft();
    }

    private static Gen<RaceScript> Scripts() =>
        from most in Gen.Choose(2, 10)
        from delay in Gen.Choose(1, 60)
        from takes in Gen.ArrayOf(Gen.Choose(1, 200), 10)
        from endings in Gen.ArrayOf(Gen.Elements(AttemptEnding.Wins, AttemptEnding.AsksForAnother, AttemptEnding.AsksForAnother, AttemptEnding.Fails), 10)
        select new RaceScript(most, delay, [.. takes.Zip(endings)]);

    private static Exception? Failure(AttemptEnding ending) => ending switch
    {
        AttemptEnding.Wins => null,
        AttemptEnding.Fails => new InvalidOperationException("throttled"),
        _ => new ScriptedException("fails"),
    };

    private bool Play(RaceScript script, (int Winner, int At, int[] Starts) expected)
    {
        var startedAt = new List<int>();
        var now = 0;
        var starts = new Starts<int> { OnStart = _ => startedAt.Add(now) };
        var pipeline = Innermost(new PipelineBuilder<int> { TimeProvider = Clock }
            .Classify(rules => rules.On<InvalidOperationException>(s_failsForGood).Otherwise(Verdict.Transient))
            .AddHedging(Options(script.MaxAttempts, HedgeDelay.After(script.Delay * s_millisecond)))).Build();
        var call = pipeline.ExecuteOutcomeAsync(starts.Run, Stop);
        while (!call.IsCompleted)
        {
            now++;
            Clock.Advance(s_millisecond);
            for (var i = 0; i < starts.Count; i++)
            {
                if (startedAt[i] + script.Attempts[i].Takes == now && !starts[i].IsOver)
                {
                    End(starts[i], i, Failure(script.Attempts[i].Ending));
                }
            }
        }

        var outcome = call.GetAwaiter().GetResult();
        var winner = outcome.Exception is { } failure ? int.Parse(failure.Data["index"]!.ToString()!) : outcome.GetResult();
        return (winner, now) == (expected.Winner, expected.At)
            && startedAt.SequenceEqual(expected.Starts)
            && Enumerable.Range(0, starts.Count).All(i => starts[i].IsOver);
    }

    private static void End(Start<int> start, int index, Exception? failure)
    {
        if (failure is null)
        {
            start.Return(index);
            return;
        }

        failure.Data["index"] = index;
        start.Fail(failure);
    }
}
