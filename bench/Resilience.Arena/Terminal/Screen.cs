using Spectre.Console;

namespace Resilience.Arena;

/// <summary>Runs something under the view that suits the output: bars on a terminal, lines elsewhere.</summary>
internal static class Screen
{
    private const int BarWidth = 32;

    /// <summary>Standard output; standard error when the former is for JSON.</summary>
    public static IAnsiConsole Open(bool onError)
    {
        TextWriter writer = onError ? Console.Error : Console.Out;
        bool redirected = onError ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            // Without a terminal there is no width to ask for; the table needs this much.
            console.Profile.Width = 120;
        }

        return console;
    }

    public static async Task<ArenaResult> RunAsync(IAnsiConsole console, RunPlan plan, Func<IProgressView, Task<ArenaResult>> run)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            return await run(new PlainView(console, plan));
        }

        var texts = new LiveTextColumn();
        return await console.Progress()
            .AutoRefresh(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = BarWidth }, texts)
            .StartAsync(context => run(new LiveView(context, texts, plan)));
    }
}
