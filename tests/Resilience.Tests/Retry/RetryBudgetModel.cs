using System.Collections.Immutable;

namespace Resilience.Tests.Retry;

/// <summary>
/// The naive model: the list of everything that happened, from which a rule works out each answer anew. Immutable, because sequences are
/// run while they are generated and shrunk.
/// </summary>
internal sealed record RetryBudgetModel(
    Func<RetryBudgetModel, int, bool, bool> Rule, ImmutableList<BudgetEvent> Events, ImmutableList<int> InFlight, long Now)
{
    public bool LastGranted { get; private init; }

    public long Rejections { get; private init; }

    internal static RetryBudgetModel Of(Func<RetryBudgetModel, int, bool, bool> rule) => new(rule, [], [], 0);

    internal RetryBudgetModel Start() => With(BudgetEventKind.Start, Calls, false) with { InFlight = InFlight.Add(Calls) };

    internal RetryBudgetModel Fail(int call) => With(BudgetEventKind.Failure, call, false);

    internal RetryBudgetModel End(int call, bool success) =>
        With(BudgetEventKind.End, call, success) with { InFlight = InFlight.Remove(call) };

    internal RetryBudgetModel Ask(int call, bool afterTimeout) => Rule(this, call, afterTimeout)
        ? With(BudgetEventKind.Grant, call, afterTimeout) with { LastGranted = true }
        : this with { LastGranted = false, Rejections = Rejections + 1 };

    internal RetryBudgetModel Wait(long milliseconds) => this with { Now = Now + milliseconds };

    private int Calls => Events.Count(e => e.Kind == BudgetEventKind.Start);

    private RetryBudgetModel With(BudgetEventKind kind, int call, bool flag) =>
        this with { Events = Events.Add(new(kind, Now, call, flag)) };
}
