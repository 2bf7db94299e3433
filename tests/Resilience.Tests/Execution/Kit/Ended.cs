namespace Resilience.Tests.Execution;

/// <summary>How a call ended, in words; and its result, if it has one.</summary>
internal readonly record struct Ended(string Text, Tracked? Result = null)
{
    internal const string Cancelled = "cancelled";
    internal const string Unwaitable = "cannot wait";

    internal static Ended Of(Outcome<Tracked> outcome) => outcome switch
    {
        { Rejection: { } rejection } => new($"refused by {rejection.Source.Name}"),
        { Exception: { } exception } => Of(exception),
        _ => new(outcome.ResultOrDefault!.Name, outcome.ResultOrDefault),
    };

    internal static Ended Of(Exception exception) => exception switch
    {
        RejectedException rejected => new($"refused by {rejected.Rejection.Source.Name}"),
        OperationCanceledException => new(Cancelled),
        InvalidOperationException => new(Unwaitable),
        _ => new(exception.Message),
    };
}
