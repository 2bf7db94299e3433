namespace Resilience.Tests.Execution;

/// <summary>Each way a call can go, at each depth, also beyond the slots on the stack.</summary>
public sealed class CallWaysTests
{
    private const int Depth = 8;

    public static TheoryData<int, bool> Positions { get; } = new(
        from position in Enumerable.Range(0, Depth)
        from foreign in new[] { true, false }
        select (position, foreign));

    [Theory]
    [MemberData(nameof(Positions))]
    public void WhenTheWayInEndsAtAPosition_WhatIsOutsideIsLeftOnce(int position, bool foreign)
    {
        foreach (var (answer, text, verdict) in new[]
        {
            (In.Refuse, $"refused by s{position}", "R"), (In.Fail, $"in {position}", "T"), (In.Throw, $"in {position}", "I"),
            (In.WaitForFailure, $"wait {position}", "I"), (In.WaitForCancellation, Ended.Cancelled, "I"),
        })
        {
            var (world, ended) = Run(foreign, script => script.Position == position ? script.OnEnter(answer) : script);
            Assert.Equal(text, ended.Text);
            var entered = answer == In.WaitForCancellation ? position + 1 : position;
            Assert.Equal(WayIn(entered) + WayOut(entered, verdict), world.Journal);
        }
    }

    [Theory]
    [MemberData(nameof(Positions))]
    public void WhenMadeToWaitOnTheWayInAtAPosition_TheCallGoesOnInward(int position, bool foreign)
    {
        foreach (var answer in new[] { In.WaitForNothing, In.WaitForSignal, In.WaitForTime })
        {
            var (world, ended) = Run(foreign, script => script.Position == position ? script.OnEnter(answer) : script);
            Assert.Equal("callback", ended.Text);
            Assert.Equal(WayIn(Depth) + "* " + WayOut(Depth, "S"), world.Journal);
        }
    }

    [Theory]
    [MemberData(nameof(Positions))]
    public void WhenTheWayOutTurnsAtAPosition_WhatIsOutsideSeesTheNewVerdict(int position, bool foreign)
    {
        foreach (var (answer, text, verdict) in new[]
        {
            (Out.Fail, $"out {position}", "T"), (Out.Throw, $"out {position}", "I"), (Out.WaitForFailure, $"wait {position}", "I"),
            (Out.WaitForSignal, "callback", "S"), (Out.WaitForTime, "callback", "S"), (Out.WaitForNothing, "callback", "S"),
        })
        {
            var (world, ended) = Run(foreign, script => script.Position == position ? script.OnLeave(answer) : script);
            Assert.Equal(text, ended.Text);
            Assert.Equal(WayIn(Depth) + "* " + WayOut(Depth, "S", position) + Space(WayOut(position, verdict)), world.Journal);
        }
    }

    [Theory]
    [InlineData(Does.CompleteAtOnce, "callback", "S")]
    [InlineData(Does.CompleteLater, "callback", "S")]
    [InlineData(Does.ThrowAtOnce, "callback", "T")]
    [InlineData(Does.ThrowLater, "callback", "T")]
    [InlineData(Does.CompleteThoughCancelled, "callback", "S")]
    [InlineData(Does.CancelAtOnce, Ended.Cancelled, "I")]
    [InlineData(Does.CancelLater, Ended.Cancelled, "I")]
    internal void WhenTheCallbackEndsInAnyWay_EveryStrategyIsToldOnce(Does act, string text, string verdict)
    {
        var (world, ended) = Run(true, script => script, act);
        Assert.Equal(text, ended.Text);
        Assert.Equal(WayIn(Depth) + "* " + WayOut(Depth, verdict), world.Journal);
    }

    [Fact]
    public void WhenAgain_OnlyWhatIsInsideIsEnteredAnew()
    {
        var (world, _) = Run(true, script => script.Position == 5 ? script.OnLeave(Out.Again) : script);
        Assert.Equal(
            WayIn(Depth) + "* -7S#0 -6S#0 ~5S#0 +6#1 +7#1 * " + WayOut(Depth, "S").Replace("#0", "#1", StringComparison.Ordinal),
            world.Journal);
    }

    [Fact]
    public void WhenRetriesAreNested_AttemptsMultiply_AndAreNumberedThrough()
    {
        var attempts = new List<int>();
        Strategy Twice(string name) => new Probe(name)
        {
            Leaves = (ref CallFrame _, ref Slot slot) => ++slot.First % 3 == 0 ? Exit.Continue : Exit.Again,
        };
        var pipeline = Pipelines.Of(Twice("outer"), Twice("middle"), Twice("inner"), new Probe
        {
            Enters = (ref CallFrame frame, ref Slot _) =>
            {
                attempts.Add(frame.Attempt);
                return Entry.Go;
            },
        });
        Assert.Equal(27, pipeline.Execute(static (CancellationToken _) => 27, CancellationToken.None));
        Assert.Equal(Enumerable.Range(0, 27), attempts);
    }

    [Fact]
    public void WhenAStrategyStandsTwiceInOnePipeline_EachPositionHasItsOwnSlot()
    {
        var seen = new List<long>();
        var twice = new Probe
        {
            Enters = (ref CallFrame frame, ref Slot slot) =>
            {
                Assert.Equal(0, slot.First);
                slot.First = frame.Position + 100;
                return Entry.Go;
            },
            Leaves = (ref CallFrame _, ref Slot slot) =>
            {
                seen.Add(slot.First);
                return Exit.Continue;
            },
        };
        Assert.Equal(1, Pipelines.Of(twice, new Probe(), twice).Execute(static (CancellationToken _) => 1, CancellationToken.None));
        Assert.Equal([102, 100], seen);
    }

    private static (World World, Ended Ended) Run(bool foreign, Func<Script, Script> arrange, Does act = Does.CompleteAtOnce)
    {
        var world = new World();
        var pipeline = Pipelines.Of(
            world.Clock,
            [.. Enumerable.Range(0, Depth).Select(i => new ScriptedStrategy(arrange(new Script(world, i)), foreign))]);
        return (world, Edges.Run(pipeline, Edge.Outcome, false, world, new ScriptedCallback(world, act)));
    }

    private static string WayIn(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"+{i}#0 "));

    private static string WayOut(int count, string verdict, int to = 0) =>
        string.Join(' ', Enumerable.Range(to, Math.Max(0, count - to)).Reverse().Select(i => $"-{i}{verdict}#0"));

    private static string Space(string entries) => entries == "" ? "" : " " + entries;
}
