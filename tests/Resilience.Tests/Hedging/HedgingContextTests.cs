using Resilience.Tests.Execution;

namespace Resilience.Tests.Hedging;

/// <summary>Attempts have contexts apart; the winner's becomes the call's.</summary>
public class HedgingContextTests : HedgingTestBase
{
    private static readonly PropertyKey<string> s_before = new("before");
    private static readonly PropertyKey<string> s_own = new("own");

    [Fact]
    public async Task WhenAttemptsSetProperties_NoneSeesAnothers_AndTheCallerSeesTheWinners()
    {
        var starts = new Starts<int>();
        using var context = CallContext.Rent("read");
        context.Set(s_before, "the caller's");
        var call = Hedged<int>().ExecuteAsync(starts.Run, context, Stop);
        starts[0].Context.Set(s_own, "first");
        starts[0].Context.Set(s_before, "changed");
        Clock.Advance(Second);
        Assert.NotSame(starts[0].Context, starts[1].Context);
        Assert.False(starts[1].Context.TryGet(s_own, out _));
        Assert.Equal("the caller's", Read(starts[1].Context, s_before));
        Assert.Equal(("read", 1), (starts[1].Context.OperationName, starts[1].Context.Attempt));
        starts[1].Context.Set(s_own, "second");
        Assert.Equal("first", Read(starts[0].Context, s_own));
        Assert.False(context.TryGet(s_own, out _));
        starts[1].Return(2);
        Assert.Equal(2, await call);
        Assert.Equal(("second", "the caller's"), (Read(context, s_own), Read(context, s_before)));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheFirstEndsAtOnce_ItsPropertiesAreTheCallers()
    {
        using var context = CallContext.Rent();
        await Hedged<int>().ExecuteAsync(
            c =>
            {
                Assert.NotSame(context, c);
                c.Set(s_own, "set");
                return new ValueTask<int>(1);
            },
            context,
            Stop);
        Assert.Equal("set", Read(context, s_own));
    }

    [Fact]
    public async Task WhenTheFirstFailsAtOnce_TheNextSeesNothingOfIt()
    {
        using var context = CallContext.Rent();
        var seen = new List<bool>();
        await Hedged<int>().ExecuteAsync(
            c =>
            {
                seen.Add(c.TryGet(s_own, out _));
                c.Set(s_own, $"attempt {c.Attempt}");
                return c.Attempt == 0 ? throw new ScriptedException("at once") : new ValueTask<int>(1);
            },
            context,
            Stop);
        Assert.Equal([false, false], seen);
        Assert.Equal("attempt 1", Read(context, s_own));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenTheFirstFailsAtOnce_AndHedgesHaveAnActionOfTheirOwn_TheyToo(bool brought)
    {
        using var context = CallContext.Rent("read");
        var seen = "";
        var outer = new Probe { Leaves = (ref CallFrame frame, ref Slot _) => Look(ref frame) };
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }.Add(outer).AddHedging(
            Options(),
            c =>
            {
                Assert.Equal((brought ? "read" : null, 1), (c.OperationName, c.Attempt));
                Assert.False(c.TryGet(s_own, out _));
                c.Set(s_own, "hedge");
                return new ValueTask<int>(2);
            }).Build();
        Assert.Equal(2, await pipeline.ExecuteAsync(
            static ValueTask<int> (CallContext c) =>
            {
                c.Set(s_own, "first");
                throw new ScriptedException("at once");
            },
            brought ? context : null,
            Stop));
        Assert.Equal("hedge", seen);
        AssertNothingIsLeft();

        Exit Look(ref CallFrame frame)
        {
            seen = Read(frame.Context, s_own);
            return Exit.Continue;
        }
    }

    [Fact]
    public async Task WhenTheCallerBringsNoContext_AStrategyOutsideSeesTheWinners()
    {
        var seen = "";
        var outer = new Probe { Leaves = (ref CallFrame frame, ref Slot _) => Look(ref frame) };
        var starts = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }.Add(outer).AddHedging(Options()).Build();
        var call = pipeline.ExecuteAsync(starts.Run, null, Stop);
        Clock.Advance(Second);
        starts[0].Context.Set(s_own, "first");
        starts[1].Context.Set(s_own, "second");
        starts[1].Return(2);
        Assert.Equal((2, "second"), (await call, seen));
        AssertNothingIsLeft();

        Exit Look(ref CallFrame frame)
        {
            seen = Read(frame.Context, s_own);
            return Exit.Continue;
        }
    }

    [Fact]
    public async Task WhenALoserOutlivesTheCall_ItsContextStaysItsOwn()
    {
        var starts = new Starts<int>(heedsTokens: false);
        var context = CallContext.Rent("first");
        var call = Hedged<int>().ExecuteAsync(starts.Run, context, Stop);
        Clock.Advance(Second);
        starts[1].Return(2);
        Assert.Equal(2, await call);
        context.Dispose();
        using var others = CallContext.Rent("second");
        starts[0].Context.Set(s_own, "late");
        Assert.Equal("first", starts[0].Context.OperationName);
        Assert.False(others.TryGet(s_own, out _));
        starts[0].Return(1);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenTheCallbackForbidsAnother_NoneIsStarted(bool brought)
    {
        var starts = new Starts<int>();
        using var context = CallContext.Rent();
        var call = Hedged<int>(3).ExecuteOutcomeAsync(starts.Run, brought ? context : null, Stop);
        starts[0].Context.ForbidAgain();
        Clock.Advance(5 * Second);
        starts[0].Fail(new ScriptedException("first"));
        Assert.Equal("first", (await call).Exception!.Message);
        Assert.Equal(1, starts.Count);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenARetryIsOutside_AttemptNumbersGoOn_AndTheLosersContextIsNotTheNextOnes()
    {
        var starts = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }
            .AddRetry(new RetryOptions { MaxRetries = 1, Backoff = Backoff.Constant(Second) }).AddHedging(Options()).Build();
        using var context = CallContext.Rent();
        var call = pipeline.ExecuteAsync(starts.Run, context, Stop);
        Clock.Advance(Second);
        starts[0].Fail(new ScriptedException("first"));
        starts[1].Fail(new ScriptedException("second"));
        Clock.Advance(Second);
        Assert.Equal(3, starts.Count);
        Clock.Advance(Second);
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(i => starts[i].Number));
        starts[3].Return(3);
        Assert.Equal((3, 3), (await call, context.Attempt));
        AssertNothingIsLeft();
    }

    private static string Read(CallContext context, PropertyKey<string> key) => context.TryGet(key, out var value) ? value : "";
}
