using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Timeouts;

/// <summary>A run, its deadline and its caller's cancellation under every schedule: one of them is the outcome, and what comes later is observed.</summary>
public sealed class AbandonableRunTests
{
    private static readonly TimeSpan s_timeout = new(10);

    [Fact]
    public void WhenTheRunEndsAtTheDeadlineInEverySchedule_OneIsTheOutcome_AndTheResultIsDisposedIfNobodyGotIt() =>
        Explorer.Exhaust(2, _ => new Scenario().Racing(cancels: false), bound: 4).MustHold("abandonable: run against deadline");

    [Fact]
    public void WhenTheCallerCancelsAsWellInEverySchedule_OneIsTheOutcome() =>
        Explorer.Exhaust(3, _ => new Scenario().Racing(cancels: true), bound: 3).MustHold("abandonable: run against deadline against caller");

    [Fact]
    public void WhenTheObjectIsUsedAgainInEverySchedule_TheFirstsDeadlineAndCallerDoNotReachTheNext() =>
        Explorer.Exhaust(3, _ => new Scenario().NextRun(), bound: 3).MustHold("abandonable: the next run");

    private sealed class Scenario
    {
        private readonly ManualClock _time = new();
        private readonly AbandonedCalls _abandoned = new();
        private readonly CancellationTokenSource _caller = new();
        private readonly Sweeper<Explored> _sweeper;
        private readonly List<Outcome<Result>> _outcomes = [];

        public Scenario() => _sweeper = new Sweeper<Explored>(Clock.For(_time));

        public (Action[] Bodies, Func<bool> Check) Racing(bool cancels)
        {
            var (run, result) = Start(_caller.Token, outcome => _outcomes.Add(outcome));
            Action[] bodies = [() => run.SetResult(new Outcome<Result>(result, default)), () => _time.Advance(s_timeout)];
            return (cancels ? [.. bodies, _caller.Cancel] : bodies, () => Holds(result));
        }

        public (Action[] Bodies, Func<bool> Check) NextRun()
        {
            // The next begins as soon as the first's outcome is read, on whatever thread; its own deadline is far, its own caller silent.
            TaskCompletionSource<Outcome<Result>>? next = null;
            var nexts = new List<Outcome<Result>>();
            var (run, result) = Start(_caller.Token, outcome =>
            {
                _outcomes.Add(outcome);
                (next, _) = Start(CancellationToken.None, nexts.Add, far: true);
            });
            return ([() => run.SetResult(new Outcome<Result>(result, default)), () => _time.Advance(s_timeout), _caller.Cancel], () =>
            {
                var early = nexts.Count;
                next!.SetResult(new Outcome<Result>(new Result(), default));
                return early == 0 && nexts.Count == 1 && nexts[0].HasResult && Holds(result);
            }
            );
        }

        private bool Holds(Result result)
        {
            var isGivenUp = _outcomes is [{ HasResult: false }];
            var abandoned = isGivenUp ? 1 : 0;
            return _outcomes.Count == 1
                && (isGivenUp || _outcomes[0].ResultOrDefault == result)
                && (_outcomes[0].Exception is null or TimeoutRejectedException or OperationCanceledException)
                && (result.Disposals, _abandoned.Count, _abandoned.Ended, _abandoned.Succeeded) == (abandoned, abandoned, abandoned, abandoned)
                && _sweeper is { Armed: 0, Taken: 0 or 1 };
        }

        private (TaskCompletionSource<Outcome<Result>> Run, Result Result) Start(CancellationToken token, Action<Outcome<Result>> ended, bool far = false)
        {
            var run = new TaskCompletionSource<Outcome<Result>>();
            var call = HeldCall.Make(_time, far ? TimeSpan.FromDays(1) : s_timeout, token);
            var awaiter = AbandonableRun<Result, Explored>
                .Start(call, new ValueTask<Outcome<Result>>(run.Task), _abandoned, _sweeper).GetAwaiter();
            awaiter.UnsafeOnCompleted(() => ended(awaiter.GetResult()));
            return (run, new Result());
        }
    }

    private sealed class Result : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
