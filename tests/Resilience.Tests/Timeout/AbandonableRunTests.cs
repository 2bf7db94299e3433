using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Timeouts;

/// <summary>A run, its deadline and its caller's cancellation under every schedule: one of them is the outcome, and what comes later is observed.</summary>
public sealed class AbandonableRunTests
{
    private static readonly TimeSpan s_timeout = new(10);

    private static readonly (AbandonableBug Bug, string CaughtBy)[] s_seeded =
    [
        (AbandonableBug.EndedWithoutCompareExchange, nameof(Scenario.RunAgainstDeadline)),
        (AbandonableBug.GivenUpWithoutCompareExchange, nameof(Scenario.RunAgainstDeadline)),
        (AbandonableBug.GivenUpWithoutCompareExchange, nameof(Scenario.RunAgainstDeadlineAgainstCaller)),
        (AbandonableBug.LostAbandonmentCounted, nameof(Scenario.RunAgainstDeadlineAgainstCaller)),
        (AbandonableBug.LateResultNotDisposed, nameof(Scenario.RunAgainstDeadline)),
        (AbandonableBug.CompletedBeforeTheOutcome, nameof(Scenario.RunAgainstDeadline)),
        (AbandonableBug.UsedAgainAfterGivingUp, nameof(Scenario.NextRun)),
        (AbandonableBug.CancellationOnItsWayIgnored, nameof(Scenario.NextRun)),
        (AbandonableBug.DeadlineOnItsWayIgnored, nameof(Scenario.NextRun)),
        (AbandonableBug.LeftArmed, nameof(Scenario.RunAgainstDeadline)),
    ];

    public static TheoryData<string> Programs =>
        [nameof(Scenario.RunAgainstDeadline), nameof(Scenario.RunAgainstDeadlineAgainstCaller), nameof(Scenario.NextRun)];

    public static TheoryData<string, string> Seeded => [.. s_seeded.Select(s => (s.Bug.ToString(), s.CaughtBy))];

    [Theory]
    [MemberData(nameof(Programs))]
    public void WhenSchedulesVary_OneIsTheOutcome_AndAResultThatNobodyGotIsDisposed(string name) =>
        Explore(name, null).MustHold($"abandonable: {name}");

    [Theory]
    [MemberData(nameof(Programs))]
    public void WhenTheCopyCarriesNoBug_TheProgramsHoldForItToo(string name) =>
        Explore(name, AbandonableBug.None).MustHold($"abandonable: {name}, copy");

    [Theory]
    [MemberData(nameof(Seeded))]
    public void WhenABugIsSeeded_ItsProgramCatchesIt(string bug, string name) =>
        Explore(name, Enum.Parse<AbandonableBug>(bug)).MustFail($"{bug} by {name}");

    private static Exploration Explore(string name, AbandonableBug? bug) => name switch
    {
        nameof(Scenario.RunAgainstDeadline) => Explorer.Exhaust(2, _ => new Scenario(bug).RunAgainstDeadline(), bound: 4),
        nameof(Scenario.RunAgainstDeadlineAgainstCaller) => Explorer.Exhaust(3, _ => new Scenario(bug).RunAgainstDeadlineAgainstCaller(), bound: 3),
        _ => Explorer.Exhaust(3, _ => new Scenario(bug).NextRun(), bound: 3),
    };

    // The product, or the copy with a bug.
    private sealed class Scenario(AbandonableBug? bug)
    {
        private readonly ManualClock _time = new();
        private readonly AbandonedCalls _abandoned = new();
        private readonly CancellationTokenSource _caller = new();
        private readonly Stack<SeededRun<Result>> _home = new();
        private readonly List<Outcome<Result>> _outcomes = [];
        private Sweeper<Explored>? _made;

        private Sweeper<Explored> Sweeper => _made ??= new Sweeper<Explored>(Clock.For(_time));

        public (Action[] Bodies, Func<bool> Check) RunAgainstDeadline() => Racing(cancels: false);

        public (Action[] Bodies, Func<bool> Check) RunAgainstDeadlineAgainstCaller() => Racing(cancels: true);

        private (Action[] Bodies, Func<bool> Check) Racing(bool cancels)
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
                && Sweeper is { Armed: 0, Taken: 0 or 1 };
        }

        private (TaskCompletionSource<Outcome<Result>> Run, Result Result) Start(CancellationToken token, Action<Outcome<Result>> ended, bool far = false)
        {
            var run = new TaskCompletionSource<Outcome<Result>>();
            var call = HeldCall.Make(_time, far ? TimeSpan.FromDays(1) : s_timeout, token);
            var pending = new ValueTask<Outcome<Result>>(run.Task);
            var awaiter = (bug is { } seeded
                ? SeededRun<Result>.Start(call, pending, _abandoned, Sweeper, _home, seeded)
                : AbandonableRun<Result, Explored>.Start(call, pending, _abandoned, Sweeper)).GetAwaiter();
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
