using Resilience.Rpc;
using Spectre.Console;

namespace Resilience.Arena;

/// <summary>A verdict, check by check, with what each endpoint did.</summary>
internal static class ReasonsTable
{
    public static void Write(IAnsiConsole console, RpcVerdict verdict)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape($"{verdict.Subject}: {verdict.Outcome}{(verdict.IsFinal ? ", final" : "")}"))
            .AddColumns("check", "outcome", "reason", "endpoints");
        foreach (var check in verdict.Checks)
        {
            table.AddRow(
                Markup.Escape(check.Name), Markup.Escape($"{check.Outcome}"), Markup.Escape(check.Reason),
                Markup.Escape(string.Join("\n", check.Endpoints)));
        }

        console.Write(table);
    }
}
