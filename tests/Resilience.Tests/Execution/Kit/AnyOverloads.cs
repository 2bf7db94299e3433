namespace Resilience.Tests.Execution;

/// <summary>One call through every overload of <see cref="Pipeline"/>, with callbacks that are over at once.</summary>
internal static class AnyOverloads
{
    private static readonly object s_state = new();
    private static readonly CallContext s_context = CallContext.Rent();
    private static readonly Task<int> s_one = Task.FromResult(1);

    internal static readonly Dictionary<string, Action<Pipeline>> All = new()
    {
        ["ValueTask ExecuteAsync token"] = static p => p.ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1), default).GetAwaiter().GetResult(),
        ["ValueTask ExecuteAsync state"] = static p => p.ExecuteAsync(static (object _, CancellationToken _) => new ValueTask<int>(1), s_state).GetAwaiter().GetResult(),
        ["ValueTask ExecuteAsync context"] = static p => p.ExecuteAsync(static (CallContext _) => new ValueTask<int>(1), null).GetAwaiter().GetResult(),
        ["ValueTask ExecuteAsync state context"] = static p => p.ExecuteAsync(static (object _, CallContext _) => new ValueTask<int>(1), s_state, null).GetAwaiter().GetResult(),
        ["ValueTask ExecuteAsync brought"] = static p => p.ExecuteAsync(static (CallContext _) => new ValueTask<int>(1), s_context).GetAwaiter().GetResult(),
        ["Task ExecuteAsync token"] = static p => p.ExecuteAsync(static (CancellationToken _) => s_one, default).GetAwaiter().GetResult(),
        ["Task ExecuteAsync state"] = static p => p.ExecuteAsync(static (object _, CancellationToken _) => s_one, s_state).GetAwaiter().GetResult(),
        ["Task ExecuteAsync context"] = static p => p.ExecuteAsync(static (CallContext _) => s_one, null).GetAwaiter().GetResult(),
        ["Task ExecuteAsync state context"] = static p => p.ExecuteAsync(static (object _, CallContext _) => s_one, s_state, null).GetAwaiter().GetResult(),
        ["Task ExecuteAsync brought"] = static p => p.ExecuteAsync(static (CallContext _) => s_one, s_context).GetAwaiter().GetResult(),
        ["void ValueTask ExecuteAsync token"] = static p => p.ExecuteAsync(static (CancellationToken _) => default(ValueTask), default).GetAwaiter().GetResult(),
        ["void ValueTask ExecuteAsync state"] = static p => p.ExecuteAsync(static (object _, CancellationToken _) => default(ValueTask), s_state).GetAwaiter().GetResult(),
        ["void ValueTask ExecuteAsync context"] = static p => p.ExecuteAsync(static (CallContext _) => default(ValueTask), null).GetAwaiter().GetResult(),
        ["void ValueTask ExecuteAsync state context"] = static p => p.ExecuteAsync(static (object _, CallContext _) => default(ValueTask), s_state, null).GetAwaiter().GetResult(),
        ["void ValueTask ExecuteAsync brought"] = static p => p.ExecuteAsync(static (CallContext _) => default(ValueTask), s_context).GetAwaiter().GetResult(),
        ["void Task ExecuteAsync token"] = static p => p.ExecuteAsync(static (CancellationToken _) => Task.CompletedTask, default).GetAwaiter().GetResult(),
        ["void Task ExecuteAsync state"] = static p => p.ExecuteAsync(static (object _, CancellationToken _) => Task.CompletedTask, s_state).GetAwaiter().GetResult(),
        ["void Task ExecuteAsync context"] = static p => p.ExecuteAsync(static (CallContext _) => Task.CompletedTask, null).GetAwaiter().GetResult(),
        ["void Task ExecuteAsync state context"] = static p => p.ExecuteAsync(static (object _, CallContext _) => Task.CompletedTask, s_state, null).GetAwaiter().GetResult(),
        ["void Task ExecuteAsync brought"] = static p => p.ExecuteAsync(static (CallContext _) => Task.CompletedTask, s_context).GetAwaiter().GetResult(),
        ["ExecuteOutcomeAsync token"] = static p => p.ExecuteOutcomeAsync(static (CancellationToken _) => new ValueTask<int>(1), default).GetAwaiter().GetResult(),
        ["ExecuteOutcomeAsync state"] = static p => p.ExecuteOutcomeAsync(static (object _, CancellationToken _) => new ValueTask<int>(1), s_state).GetAwaiter().GetResult(),
        ["ExecuteOutcomeAsync context"] = static p => p.ExecuteOutcomeAsync(static (CallContext _) => new ValueTask<int>(1), null).GetAwaiter().GetResult(),
        ["ExecuteOutcomeAsync state context"] = static p => p.ExecuteOutcomeAsync(static (object _, CallContext _) => new ValueTask<int>(1), s_state, null).GetAwaiter().GetResult(),
        ["ExecuteOutcomeAsync brought"] = static p => p.ExecuteOutcomeAsync(static (CallContext _) => new ValueTask<int>(1), s_context).GetAwaiter().GetResult(),
        ["callback ExecuteOutcomeAsync token"] = static p => p.ExecuteOutcomeAsync(static (CancellationToken _) => new ValueTask<Outcome<int>>(Outcome.FromResult(1)), default).GetAwaiter().GetResult(),
        ["callback ExecuteOutcomeAsync state"] = static p => p.ExecuteOutcomeAsync(static (object _, CancellationToken _) => new ValueTask<Outcome<int>>(Outcome.FromResult(1)), s_state).GetAwaiter().GetResult(),
        ["callback ExecuteOutcomeAsync context"] = static p => p.ExecuteOutcomeAsync(static (CallContext _) => new ValueTask<Outcome<int>>(Outcome.FromResult(1)), null).GetAwaiter().GetResult(),
        ["callback ExecuteOutcomeAsync state context"] = static p => p.ExecuteOutcomeAsync(static (object _, CallContext _) => new ValueTask<Outcome<int>>(Outcome.FromResult(1)), s_state, null).GetAwaiter().GetResult(),
        ["callback ExecuteOutcomeAsync brought"] = static p => p.ExecuteOutcomeAsync(static (CallContext _) => new ValueTask<Outcome<int>>(Outcome.FromResult(1)), s_context).GetAwaiter().GetResult(),
        ["Execute token"] = static p => p.Execute(static (CancellationToken _) => 1, default),
        ["Execute state"] = static p => p.Execute(static (object _, CancellationToken _) => 1, s_state),
        ["Execute context"] = static p => p.Execute(static (CallContext _) => 1, null),
        ["Execute state context"] = static p => p.Execute(static (object _, CallContext _) => 1, s_state, null),
        ["Execute brought"] = static p => p.Execute(static (CallContext _) => 1, s_context),
        ["action Execute token"] = static p => p.Execute(static (CancellationToken _) => { }, default),
        ["action Execute state"] = static p => p.Execute(static (object _, CancellationToken _) => { }, s_state),
        ["action Execute context"] = static p => p.Execute(static (CallContext _) => { }, null),
        ["action Execute state context"] = static p => p.Execute(static (object _, CallContext _) => { }, s_state, null),
        ["action Execute brought"] = static p => p.Execute(static (CallContext _) => { }, s_context),
        ["ExecuteOutcome token"] = static p => p.ExecuteOutcome(static (CancellationToken _) => 1, default),
        ["ExecuteOutcome state"] = static p => p.ExecuteOutcome(static (object _, CancellationToken _) => 1, s_state),
        ["ExecuteOutcome context"] = static p => p.ExecuteOutcome(static (CallContext _) => 1, null),
        ["ExecuteOutcome state context"] = static p => p.ExecuteOutcome(static (object _, CallContext _) => 1, s_state, null),
        ["ExecuteOutcome brought"] = static p => p.ExecuteOutcome(static (CallContext _) => 1, s_context),
        ["callback ExecuteOutcome token"] = static p => p.ExecuteOutcome(static (CancellationToken _) => Outcome.FromResult(1), default),
        ["callback ExecuteOutcome state"] = static p => p.ExecuteOutcome(static (object _, CancellationToken _) => Outcome.FromResult(1), s_state),
        ["callback ExecuteOutcome context"] = static p => p.ExecuteOutcome(static (CallContext _) => Outcome.FromResult(1), null),
        ["callback ExecuteOutcome state context"] = static p => p.ExecuteOutcome(static (object _, CallContext _) => Outcome.FromResult(1), s_state, null),
        ["callback ExecuteOutcome brought"] = static p => p.ExecuteOutcome(static (CallContext _) => Outcome.FromResult(1), s_context),
    };
}
