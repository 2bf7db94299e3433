using FsCheck;
using FsCheck.Fluent;
using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Retry;

/// <summary>
/// Calls in flight side by side through two pipelines that share a budget, against the list of everything that happened. A failure prints
/// the shrunk sequence and its seed; replay it with <c>Config.WithReplay</c>.
/// </summary>
public sealed class BudgetedCallsTests : FreshStack
{
    private const int MaxRetries = 3;
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(120).WithQuietOnSuccess(true);

    [Fact]
    public void WhenCallsShareALeakyBucket_TheyAreGrantedWhatTheListGrants() => Run(
        time => new LeakyBucketBudget(new() { MinimumPerSecond = 2 }, time), RetryBudgetRules.LeakyBucket);

    [Fact]
    public void WhenCallsShareTheShareInFlight_TheyAreGrantedWhatTheListGrants() => Run(
        _ => new InFlightBudget(new() { Minimum = 2 }), RetryBudgetRules.InFlight);

    [Fact]
    public void WhenCallsShareATokenPair_TheyAreGrantedWhatTheListGrants() => Run(
        _ => new TokenPairBudget(new() { MaxTokens = 4, TokenRatio = 0.5 }), RetryBudgetRules.TokenPair);

    [Fact]
    public void WhenCallsShareCosts_TheyAreGrantedWhatTheListGrants() => Run(
        _ => new CostBudget(new() { Capacity = 50 }), RetryBudgetRules.Cost);

    [Fact]
    public void WhenTheBudgetGrantsOneTooMany_TheSequencesCatchIt() => Assert.ThrowsAny<Exception>(() => Check.One(
        s_config.WithReplay(1, 3),
        Prop.ForAll(Operations, ops => Agrees(ops, _ => new BuggyInFlight(BudgetBug.GrantsOneTooMany), RetryBudgetRules.InFlight))));

    // An operation is a number: what is done, to which of the calls in flight.
    private static Arbitrary<int[]> Operations => Arb.From(
        Gen.Choose(0, 999).ArrayOf(), ops => ops.Select((_, i) => (int[])[.. ops[..i], .. ops[(i + 1)..]]));

    private static void Run(Func<TimeProvider, RetryBudget> make, Func<RetryBudgetModel, int, bool, bool> rule) =>
        Check.One(s_config, Prop.ForAll(Operations, ops => Agrees(ops, make, rule)));

    private static bool Agrees(int[] ops, Func<TimeProvider, RetryBudget> make, Func<RetryBudgetModel, int, bool, bool> rule)
    {
        var clock = new ManualClock();
        var budget = make(clock);
        var options = new RetryOptions { MaxRetries = MaxRetries, Backoff = Backoff.None, Budget = budget };
        Pipeline<int>[] pipelines =
        [
            new PipelineBuilder<int> { TimeProvider = clock }.AddRetry(options).Build(),
            new PipelineBuilder<int> { TimeProvider = clock }.AddRetry(options with { Name = "other" }).Build(),
        ];
        var model = RetryBudgetModel.Of(rule);
        var calls = new Dictionary<int, Call>();
        var started = 0;
        foreach (var op in ops)
        {
            if (op % 10 < 3 || calls.Count == 0)
            {
                model = model.Start();
                calls[started] = new Call(pipelines[started % 2]);
                started++;
                continue;
            }

            if (op % 10 == 3)
            {
                model = model.Wait(op);
                clock.Advance(TimeSpan.FromMilliseconds(op));
                continue;
            }

            var (id, call) = calls.ElementAt(op / 10 % calls.Count);
            model = (op % 10) switch
            {
                4 or 5 => Succeed(model, id, call),
                6 => Cancel(model, id, call),
                var kind => Fail(model, id, call, timedOut: kind == 9),
            };
            if (call.IsOver != !model.InFlight.Contains(id) || call.Starts != call.Expected || budget.Rejections != model.Rejections)
            {
                return false;
            }

            if (call.IsOver)
            {
                calls.Remove(id);
            }
        }

        foreach (var call in calls.Values)
        {
            call.Callee.Return(0);
        }

        return budget is not InFlightBudget inFlight || (inFlight.Calls, inFlight.Retries) == (0, 0);
    }

    private static RetryBudgetModel Succeed(RetryBudgetModel model, int id, Call call)
    {
        call.Callee.Return(0);
        return model.End(id, success: true);
    }

    private static RetryBudgetModel Cancel(RetryBudgetModel model, int id, Call call)
    {
        call.Caller.Cancel();
        return model.End(id, success: false);
    }

    private static RetryBudgetModel Fail(RetryBudgetModel model, int id, Call call, bool timedOut)
    {
        call.Callee.Fail(timedOut ? new TimeoutException() : new IOException());
        model = model.Fail(id);
        if (call.Expected > MaxRetries)
        {
            return model.End(id, success: false);
        }

        model = model.Ask(id, timedOut);
        call.Expected += model.LastGranted ? 1 : 0;
        return model.LastGranted ? model : model.End(id, success: false);
    }

    private sealed class Call
    {
        private readonly ValueTask<Outcome<int>> _outcome;

        internal Call(Pipeline<int> pipeline) => _outcome = pipeline.ExecuteOutcomeAsync(Callee.Start, Caller.Token);

        internal Callee Callee { get; } = new();

        internal CancellationTokenSource Caller { get; } = new();

        internal int Starts => Callee.Starts;

        internal int Expected { get; set; } = 1;

        internal bool IsOver => _outcome.IsCompleted;
    }
}
