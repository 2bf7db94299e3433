using FsCheck;
using FsCheck.Experimental;
using FsCheck.Fluent;
using Resilience.Testing;

namespace Resilience.Tests.Retry;

/// <summary>
/// Sequences of starts, failures, requests, ends and waits, on a budget and on its model. A failure prints the shrunk sequence and its
/// seed; replay it with <c>Config.WithReplay</c>.
/// </summary>
internal sealed class RetryBudgetMachine(Func<TimeProvider, RetryBudget> make, Func<RetryBudgetModel, int, bool, bool> rule)
    : Machine<RetryBudgetMachine.Subject, RetryBudgetModel>(-1)
{
    public override Arbitrary<Setup<Subject, RetryBudgetModel>> Setup => Gen.Fresh(() =>
        StateMachine.Setup((Func<Subject>)(() => new Subject(make)), (Func<RetryBudgetModel>)(() => RetryBudgetModel.Of(rule))))
        .ToArbitrary();

    public override TearDown<Subject> TearDown => StateMachine.TearDown<Subject>((Action<Subject>)(_ => { }));

    public override Gen<Operation<Subject, RetryBudgetModel>> Next(RetryBudgetModel model) => Gen.Frequency(
        (6, Gen.Fresh(() => (Operation<Subject, RetryBudgetModel>)new Start())),
        (3, Gen.Choose(0, 9).Select(nth => (Operation<Subject, RetryBudgetModel>)new Fail(nth))),
        (8, Gen.Choose(0, 19).Select(n => (Operation<Subject, RetryBudgetModel>)new Ask(n / 2, n % 2 == 0))),
        (4, Gen.Choose(0, 19).Select(n => (Operation<Subject, RetryBudgetModel>)new End(n / 2, n % 2 == 0))),
        (2, Gen.Choose(1, 3_000).Select(milliseconds => (Operation<Subject, RetryBudgetModel>)new Wait(milliseconds))));

    private static int Nth(RetryBudgetModel model, int nth) => model.InFlight[nth % model.InFlight.Count];

    /// <summary>A budget with its clock and the debt of each call in flight.</summary>
    internal sealed class Subject
    {
        internal Subject(Func<TimeProvider, RetryBudget> make) => Budget = make(Clock);

        internal ManualClock Clock { get; } = new();

        internal RetryBudget Budget { get; }

        internal Dictionary<int, RetryDebt> Debts { get; } = [];
    }

    private sealed class Start : Operation<Subject, RetryBudgetModel>
    {
        public override RetryBudgetModel Run(RetryBudgetModel model) => model.Start();

        public override Property Check(Subject actual, RetryBudgetModel model)
        {
            actual.Budget.OnStart();
            return true.ToProperty();
        }

        public override string ToString() => "Start";
    }

    // The call is chosen by its place among those in flight before the operation: the model that Check is given is the one after it.
    private sealed class Fail(int nth) : Operation<Subject, RetryBudgetModel>
    {
        public override bool Pre(RetryBudgetModel model) => !model.InFlight.IsEmpty;

        public override RetryBudgetModel Run(RetryBudgetModel model) => model.Fail(Nth(model, nth));

        public override Property Check(Subject actual, RetryBudgetModel model)
        {
            actual.Budget.OnFailure();
            return true.ToProperty();
        }

        public override string ToString() => $"Fail({nth})";
    }

    private sealed class Ask(int nth, bool afterTimeout) : Operation<Subject, RetryBudgetModel>
    {
        public override bool Pre(RetryBudgetModel model) => !model.InFlight.IsEmpty;

        public override RetryBudgetModel Run(RetryBudgetModel model) => model.Ask(Nth(model, nth), afterTimeout);

        public override Property Check(Subject actual, RetryBudgetModel model)
        {
            var call = Nth(model, nth);
            var debt = actual.Debts.GetValueOrDefault(call);
            var granted = actual.Budget.TryWithdraw(afterTimeout, ref debt);
            actual.Debts[call] = debt;
            var rejections = actual.Budget.Rejections;
            return (granted == model.LastGranted && rejections == model.Rejections)
                .Label($"call {call}: granted {granted}, should {model.LastGranted}; rejections {rejections}, should {model.Rejections}");
        }

        public override string ToString() => $"Ask({nth}, {(afterTimeout ? "timeout" : "failure")})";
    }

    private sealed class End(int nth, bool success) : Operation<Subject, RetryBudgetModel>
    {
        public override bool Pre(RetryBudgetModel model) => !model.InFlight.IsEmpty;

        public override RetryBudgetModel Run(RetryBudgetModel model) => model.End(Nth(model, nth), success);

        public override Property Check(Subject actual, RetryBudgetModel model)
        {
            actual.Debts.Remove(model.Events[^1].Call, out var debt);
            actual.Budget.OnEnd(success, ref debt);
            return true.ToProperty();
        }

        public override string ToString() => $"End({nth}, {(success ? "success" : "failure")})";
    }

    private sealed class Wait(int milliseconds) : Operation<Subject, RetryBudgetModel>
    {
        public override RetryBudgetModel Run(RetryBudgetModel model) => model.Wait(milliseconds);

        public override Property Check(Subject actual, RetryBudgetModel model)
        {
            actual.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            return true.ToProperty();
        }

        public override string ToString() => $"Wait({milliseconds} ms)";
    }
}
