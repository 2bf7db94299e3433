using Spectre.Console;

namespace Resilience.Arena;

/// <summary>The program as a person runs it: arguments in, a run, a table and a report out.</summary>
internal static class ArenaMain
{
    private const int Complete = 0;
    private const int RunFailed = 1;
    private const int BadInput = 2;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] arguments)
    {
        ArenaOptions options;
        RunPlan plan;
        try
        {
            options = ArgumentReader.Read(arguments);
            plan = options.Plan();
            if (!options.Help)
            {
                OutputPlaces.Prepare(options);
            }
        }
        catch (ScriptException mistake)
        {
            await Console.Error.WriteLineAsync(mistake.Message);
            return BadInput;
        }

        if (options.Help)
        {
            Console.WriteLine(ArgumentReader.Help);
            return Complete;
        }

        using var interruption = new Interruption();
        try
        {
            return await RunAsync(options, plan, interruption.Token);
        }
        catch (Exception) when (interruption.Token.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return Interrupted;
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or TimeoutException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The run failed. {failure.Message}");
            return RunFailed;
        }
    }

    private static async Task<int> RunAsync(ArenaOptions options, RunPlan plan, CancellationToken token)
    {
        IAnsiConsole console = Screen.Open(options.JsonOnOutput);
        ArenaResult result = await Screen.RunAsync(console, plan, view => Tournament.RunAsync(plan, view, token));
        ResultTable.Write(console, result);
        string report = Path.GetFullPath(Path.Combine(options.Out, "report.html"));
        await File.WriteAllTextAsync(report, HtmlReport.Write(result), token);
        console.WriteLine($"Report: {report}");
        if (options.JsonFile is { } file)
        {
            await File.WriteAllTextAsync(file, JsonResult.Write(result), token);
        }
        else if (options.Json)
        {
            Console.WriteLine(JsonResult.Write(result));
        }

        string[] contradictions = [.. result.Lanes.SelectMany(lane => lane.Contradictions())];
        foreach (string contradiction in contradictions)
        {
            await Console.Error.WriteLineAsync(contradiction);
        }

        return contradictions.Length == 0 ? Complete : RunFailed;
    }
}
