namespace Resilience.Arena;

/// <summary>Makes sure that the results can be written, before a run is spent on them.</summary>
internal static class OutputPlaces
{
    public static void Prepare(ArenaOptions options)
    {
        Check("--out", options.Out, "a directory that can be written", () =>
        {
            string report = Path.Combine(Directory.CreateDirectory(options.Out).FullName, "report.html");
            using var _ = File.OpenWrite(report);
        });
        if (options.JsonFile is { } file)
        {
            Check("--json", file, "a file that can be written", () =>
            {
                using var _ = File.OpenWrite(file);
            });
        }
    }

    private static void Check(string option, string value, string allowed, Action attempt)
    {
        try
        {
            attempt();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ScriptException($"{option} is {value}; it must be {allowed}. {refused.Message}");
        }
    }
}
