using FsCheck;
using FsCheck.Experimental;
using FsCheck.Fluent;
using Resilience.Testing;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>Random lives of a breaker beside its model: every option, every state, and the clock.</summary>
internal sealed class BreakerMachine(Func<CircuitBreakerOptions, Clock, CircuitBreaker> make) : Machine<BreakerMachine.Subject, BreakerModel>(-1)
{
    public override Arbitrary<Setup<Subject, BreakerModel>> Setup =>
        AllOptions.Select(options => StateMachine.Setup<Subject, BreakerModel>(
            (Func<Subject>)(() => new Subject(options, make)),
            (Func<BreakerModel>)(() => Subject.ModelOf(options)))).ToArbitrary();

    public override TearDown<Subject> TearDown => StateMachine.TearDown<Subject>((Action<Subject>)(_ => { }));

    private static Gen<CircuitBreakerOptions> AllOptions =>
        from window in Gen.OneOf(
            Gen.Choose(1, 8).Select(n => CircuitWindow.Calls(n)),
            Gen.Choose(1, 8).Select(n => CircuitWindow.Calls(n, TimeSpan.FromMilliseconds(300))),
            Gen.Choose(64, 66).Select(n => CircuitWindow.Calls(n)),
            Gen.Choose(1, 5).Select(n => CircuitWindow.Time(TimeSpan.FromMilliseconds(100 * n), n)))
        from least in Gen.Choose(1, window.IsTime ? 5 : Math.Min(5, window.Count))
        from failure in Gen.Elements<double?>(null, 0.2, 0.5, 1)
        from slow in Gen.Elements<double?>(null, null, 0.5, 1)
        from timed in Gen.Elements(true, false)
        from consecutive in Gen.Elements<int?>(null, null, 1, 2, 4)
        from confidence in Gen.Elements<double?>(null, null, 0.9)
        from probes in Gen.Choose(1, 3)
        from probeRatio in Gen.Elements<double?>(null, 0.4, 1)
        from lease in Gen.Elements(50, 400, 3_000)
        from growth in Gen.Elements(1.0, 2.0)
        from recovery in Gen.Elements(0, 0, 500)
        from initial in Gen.Elements(CircuitState.Closed, CircuitState.Closed, CircuitState.Shadow, CircuitState.Disabled, CircuitState.Isolated)
        select new CircuitBreakerOptions
        {
            Window = window,
            MinimumCalls = least,
            FailureRatio = failure is null && slow is null && consecutive is null ? 0.3 : failure,
            SlowCallRatio = slow,
            SlowCallDuration = slow is not null && timed ? TimeSpan.FromMilliseconds(150) : null,
            ConsecutiveFailures = consecutive,
            Confidence = confidence,
            ConfidenceFloor = least,
            Probes = probes,
            ProbeFailureRatio = probeRatio,
            ProbeLease = TimeSpan.FromMilliseconds(lease),
            BreakDuration = TimeSpan.FromMilliseconds(200),
            BreakGrowth = growth,
            MaxBreakDuration = TimeSpan.FromMilliseconds(1_000),
            Recovery = TimeSpan.FromMilliseconds(recovery),
            InitialState = initial,
        };

    public override Gen<Operation<Subject, BreakerModel>> Next(BreakerModel model) => Gen.Frequency(
        (10, Gen.Fresh(() => (Operation<Subject, BreakerModel>)new Acquire())),
        (14, from index in Gen.Choose(0, 1_000)
             from said in Gen.Elements("ok", "ok", "bad", "bad", "slow", "slowbad", "ignore")
             select (Operation<Subject, BreakerModel>)new Report(index, said)),
        (4, Gen.Elements(1, 20, 49, 100, 150, 151, 200, 400, 1_000, 5_000).Select(ms => (Operation<Subject, BreakerModel>)new Advance(ms))),
        (1, Gen.Elements(CircuitState.Closed, CircuitState.Isolated, CircuitState.Disabled, CircuitState.Shadow)
            .Select(state => (Operation<Subject, BreakerModel>)new Force(state))));

    internal sealed class Subject(CircuitBreakerOptions options, Func<CircuitBreakerOptions, Clock, CircuitBreaker> make)
    {
        private readonly ManualClock _clock = Started();
        private readonly List<Permit> _permits = [];
        private CircuitBreaker? _breaker;

        public CircuitBreaker Breaker => _breaker ??= make(options, Clock.For(_clock));

        public static BreakerModel ModelOf(CircuitBreakerOptions options)
        {
            var shadow = options.InitialState == CircuitState.Shadow;
            return new BreakerModel(options)
            {
                Now = new ManualClock().GetTimestamp(),
                Since = new ManualClock().GetTimestamp(),
                State = shadow ? CircuitState.Closed : options.InitialState,
                Shadowing = shadow,
            };
        }

        public bool Acquire()
        {
            var admitted = Breaker.TryAcquire(out var permit);
            _permits.Add(permit);
            return admitted;
        }

        public void Report(int index, string said)
        {
            // Through a copy, so that a second report finds the permit as it was: half-open, it still counts once.
            var permit = _permits[index];
            switch (said)
            {
                case "ok": permit.Success(); break;
                case "bad": permit.Failure(); break;
                case "slow": permit.SlowSuccess(); break;
                case "slowbad": permit.SlowFailure(); break;
                default: permit.Ignore(); break;
            }
        }

        // The breaker's time begins with the first use of its provider, as the model's does.
        private static ManualClock Started()
        {
            var clock = new ManualClock();
            Clock.For(clock);
            return clock;
        }

        public void Advance(int milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        public Property Agrees(BreakerModel model, string what)
        {
            var seen = Breaker.Snapshot;
            var held = model.State is CircuitState.Closed or CircuitState.Disabled
                ? (model.Held.Count, model.Held.Count(c => c.Failed), model.Held.Count(c => c.Slow))
                : model.Probes;
            var wait = model.Wait < 0 ? Timeout.InfiniteTimeSpan : new TimeSpan(model.Wait);
            var expected = (model.Shown, model.State, model.Generation, held.Item1, held.Item2, held.Item3, model.Rejected, model.Stale, model.WouldHaveRejected, wait);
            var actual = (seen.State, seen.DecidingState, seen.Generation, (int)seen.Calls, (int)seen.Failures, (int)seen.SlowCalls, seen.Rejected, seen.Stale, seen.WouldHaveRejected, Breaker.RetryAfter);
            return (expected == actual).Label($"{what}: expected {expected}, was {actual}, under {options}");
        }
    }

    private sealed class Acquire : Operation<Subject, BreakerModel>
    {
        public override BreakerModel Run(BreakerModel model) => model.Acquire();

        public override Property Check(Subject subject, BreakerModel model)
        {
            var admitted = subject.Acquire();
            return subject.Agrees(model, "acquire").And((admitted == model.Admitted).Label($"admitted {admitted}, expected {model.Admitted}"));
        }

        public override string ToString() => "Acquire";
    }

    private sealed class Report(int index, string said) : Operation<Subject, BreakerModel>
    {
        private readonly BreakerModel.Said _said = new(said is "bad" or "slowbad", said is "slow" or "slowbad", said == "ignore");

        public override bool Pre(BreakerModel model) => model.Permits.Count > 0 && !IsClosedTwice(model, Pick(model));

        public override BreakerModel Run(BreakerModel model) => model.Report(Pick(model), _said);

        public override Property Check(Subject subject, BreakerModel model)
        {
            subject.Report(Pick(model), said);
            return subject.Agrees(model, $"report {said}");
        }

        public override string ToString() => $"Report({index}, {said})";

        // Mostly among the latest permits, so that reports are not all stale. Stable under Run: a report adds no permit.
        private int Pick(BreakerModel model) => Math.Max(0, model.Permits.Count - 1 - (index % 10 == 0 ? index % model.Permits.Count : index % Math.Min(4, model.Permits.Count)));

        // A copy of a closed permit is a second permit, by contract: only half-open ones are reported twice here.
        private static bool IsClosedTwice(BreakerModel model, int index) => model.Permits[index] is { Reported: true, IsProbe: false };
    }

    private sealed class Advance(int milliseconds) : Operation<Subject, BreakerModel>
    {
        public override BreakerModel Run(BreakerModel model) => model with { Now = model.Now + TimeSpan.FromMilliseconds(milliseconds).Ticks };

        public override Property Check(Subject subject, BreakerModel model)
        {
            subject.Advance(milliseconds);
            return subject.Agrees(model, "advance");
        }

        public override string ToString() => $"Advance({milliseconds})";
    }

    private sealed class Force(CircuitState state) : Operation<Subject, BreakerModel>
    {
        public override BreakerModel Run(BreakerModel model) => model.Force(state);

        public override Property Check(Subject subject, BreakerModel model)
        {
            Action force = state switch
            {
                CircuitState.Isolated => subject.Breaker.Isolate,
                CircuitState.Disabled => subject.Breaker.Disable,
                CircuitState.Shadow => subject.Breaker.Shadow,
                _ => subject.Breaker.Reset,
            };
            force();
            return subject.Agrees(model, $"force {state}");
        }

        public override string ToString() => $"Force({state})";
    }
}
