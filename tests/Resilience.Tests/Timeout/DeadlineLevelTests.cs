using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>What runs outside a fired timeout has a live token with its own level's deadline, and no wait outlasts the deadline or the caller.</summary>
public sealed class DeadlineLevelTests : FreshStack
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();
    private readonly Callee _callee = new();
    private readonly Probe _probe = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenAnInnerTimeoutFired_TheHooksTokenIsLive_AndEndsWithTheHooksOwnLevel()
    {
        var tokens = new List<CancellationToken>();
        var pipeline = Builder()
            .AddTimeout(s_second * 10, "total")
            .AddRetry(new RetryOptions
            {
                Backoff = Backoff.None,
                OnRetry = e =>
                {
                    tokens.Add(e.Context.CancellationToken);
                    Assert.False(tokens[^1].IsCancellationRequested);
                    Assert.Equal(s_second * 9, e.Context.Remaining);
                    return new Callee().Wait(tokens[^1]);
                },
            })
            .AddTimeout(s_second, "attempt")
            .Build();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(s_second);
        Assert.True(_callee.Token.IsCancellationRequested);
        Assert.NotEqual(_callee.Token, Assert.Single(tokens));
        _clock.Advance(s_second * 9);
        Assert.True(tokens[0].IsCancellationRequested);
        var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal("total", rejected.DeadlineOwner);
        Assert.IsType<OperationCanceledException>(rejected.InnerException);
        Assert.Equal(1, _callee.Starts);
    }

    [Fact]
    public async Task WhenAHookThrowsBecauseTheDeadlineFired_InTheSameBreath_ItIsATimeoutToo()
    {
        var pipeline = Builder()
            .AddTimeout(s_second, "total")
            .AddRetry(new RetryOptions
            {
                Backoff = Backoff.None,
                OnRetry = e =>
                {
                    var token = e.Context.CancellationToken;
                    _clock.Advance(s_second);
                    token.ThrowIfCancellationRequested();
                    return default;
                },
            })
            .Build();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _callee.Fail(new FormatException());
        Assert.Equal("total", Assert.IsType<TimeoutRejectedException>((await call).Exception).DeadlineOwner);
        Assert.Equal([Verdict.Ignored], _probe.Verdicts);
    }

    [Fact]
    public async Task WhenTheMachineStoodStillDuringAHook_TheOutcomeIsATimeoutAllTheSame()
    {
        var pipeline = Builder()
            .AddTimeout(s_second, "total")
            .AddRetry(new RetryOptions
            {
                Backoff = Backoff.None,
                OnRetry = e => new Callee().Wait(e.Context.CancellationToken),
            })
            .Build();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _callee.Fail(new FormatException());
        _clock.Leap(TimeSpan.FromHours(1));
        Assert.IsType<TimeoutRejectedException>((await call).Exception);
    }

    [Fact]
    public async Task WhenAWaitWouldOutlastTheDeadline_ItEndsThere_AndTheStrategyIsNotAskedToGoOn()
    {
        var waiting = new WaitOnEntry(s_second * 60);
        var pipeline = Builder().AddTimeout(s_second, "outer").Add(waiting).Build();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(s_second - new TimeSpan(1));
        Assert.False(call.IsCompleted);
        _clock.Advance(new TimeSpan(1));
        Assert.True(call.IsCompleted);
        var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal("outer", rejected.DeadlineOwner);
        Assert.Null(rejected.InnerException);
        Assert.Equal((0, 0), (waiting.Resumed, _callee.Starts));
        Assert.Equal([Verdict.Ignored], _probe.Verdicts);
    }

    [Fact]
    public async Task WhenTheReadingIsOldAtTheStartOfAWait_TheWaitStillEndsAtTheDeadline()
    {
        // The strategy reads the clock, then time passes in its own code, then it asks for a wait that fitted before.
        var waiting = new WaitOnEntry(s_second * 5) { Before = () => _clock.Advance(s_second * 7) };
        var call = Builder().AddTimeout(s_second * 10, "outer").Add(waiting).Build().ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(s_second * 3);
        Assert.True(call.IsCompleted);
        Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal(0, waiting.Resumed);
    }

    [Fact]
    public async Task WhenTheCallerCancelsAWait_ItEndsAtOnce()
    {
        using var caller = new CancellationTokenSource();
        var waiting = new WaitOnEntry(s_second * 60);
        var call = Builder().AddTimeout(s_second * 90).Add(waiting).Build().ExecuteOutcomeAsync(_callee.Start, caller.Token);
        await caller.CancelAsync();
        Assert.True(call.IsCompleted);
        Assert.Equal(caller.Token, Assert.IsType<OperationCanceledException>((await call).Exception).CancellationToken);
        Assert.Equal((0, 0), (waiting.Resumed, _callee.Starts));
    }

    [Fact]
    public async Task WhenAWaitFits_TheStrategyIsAskedWhenItIsOver_AndNotEarlier()
    {
        var waiting = new WaitOnEntry(s_second);
        var call = Builder().AddTimeout(s_second * 2).Add(waiting).Build().ExecuteAsync(_callee.Start, Stop);
        _clock.Advance(s_second - new TimeSpan(1));
        Assert.Equal(0, waiting.Resumed);
        _clock.Advance(new TimeSpan(1));
        Assert.Equal((1, 1), (waiting.Resumed, _callee.Starts));
        _callee.Return(3);
        Assert.Equal(3, await call);
    }

    [Fact]
    public async Task WhenACallIsStoppedBeforeItsCallbackStarts_ThatAttemptIsNotCounted()
    {
        var again = new AgainOnce();
        var call = Builder().Add(again).AddTimeout(s_second).Add(new WaitOnEntry(s_second * 60) { OnlyOnce = true }).Build()
            .ExecuteAsync(_callee.Start, Stop);
        _clock.Advance(s_second);
        Assert.Equal(1, _callee.Starts);
        _callee.Return(3);
        Assert.Equal(3, await call);
        Assert.Equal([0, 0], again.Attempts);
    }

    [Fact]
    public async Task WhenSeveralTimeoutsStandInOneAnother_AnAttemptHasOneSource()
    {
        var pipeline = Builder();
        for (var i = 0; i < 20; i++)
        {
            pipeline.AddTimeout(s_second * (20 - i));
        }

        var built = pipeline.Build();
        var sweeper = Clock.For(_clock).Sweeper;
        Assert.Equal(0, sweeper.Armed);
        var call = built.ExecuteOutcomeAsync(_callee.Start, Stop);
        Assert.Equal(1, sweeper.Armed);
        _callee.Return(1);
        await call;
        Assert.Equal(0, sweeper.Armed);
    }

    [Fact]
    public void WhenASynchronousWaitIsCutByTheDeadline_TheCallEndsThere()
    {
        var waiting = new WaitOnEntry(s_second * 60);
        var pipeline = Builder().AddTimeout(s_second, "outer").Add(waiting).Build();
        Exception? thrown = null;
        var caller = new Thread(() => thrown = Record.Exception(() => pipeline.Execute(_ => 1)));
        caller.Start();
        SpinWait.SpinUntil(() => _clock.ActiveTimers == 1);
        _clock.Advance(s_second);
        caller.Join();
        Assert.IsType<TimeoutRejectedException>(thrown);
        Assert.Equal(0, waiting.Resumed);
    }

    private PipelineBuilder<int> Builder() => new PipelineBuilder<int> { TimeProvider = _clock }.Add(_probe);

    private sealed class WaitOnEntry(TimeSpan wait) : Strategy("wait")
    {
        public int Resumed { get; private set; }

        public bool OnlyOnce { get; init; }

        public Action Before { get; init; } = static () => { };

        private bool _waited;

        protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
        {
            if (OnlyOnce && _waited)
            {
                return Entry.Go;
            }

            _waited = true;
            Assert.True(frame.Remaining > TimeSpan.Zero);
            Before();
            frame.WaitFor(wait);
            return Entry.Wait;
        }

        protected internal override Entry ResumeEnter(ref CallFrame frame, ref Slot slot)
        {
            Resumed++;
            return Entry.Go;
        }
    }

    private sealed class AgainOnce() : Strategy("again")
    {
        public List<int> Attempts { get; } = [];

        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
        {
            Attempts.Add(frame.Attempt);
            return slot.First++ == 0 ? Exit.Again : Exit.Continue;
        }
    }
}
