using System.Text.Json;
using System.Text.Json.Serialization;

namespace Resilience.Benchmarks;

/// <summary>The figures as JSON, by default artifacts/scoreboard.json under the root of the repository.</summary>
internal static class ResultFile
{
    private const string RootMark = "Resilience.sln";

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The file to write, seen to be writable before anything is measured.</summary>
    /// <param name="path">Where; null for the usual place.</param>
    /// <exception cref="ArgumentException">No file can be there.</exception>
    public static FileInfo At(string? path)
    {
        try
        {
            var file = new FileInfo(path ?? Path.Combine(Root(), "artifacts", "scoreboard.json"));
            if (Directory.Exists(file.FullName))
            {
                throw new ArgumentException($"'{file.FullName}' is a folder: name a file.");
            }

            file.Directory!.Create();
            file.Open(FileMode.OpenOrCreate, FileAccess.Write).Dispose();
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ArgumentException($"The figures cannot be written: {e.Message}", e);
        }
    }

    public static void Write(FileInfo file, Machine machine, IReadOnlyList<RowResult> rows) =>
        File.WriteAllText(file.FullName, JsonSerializer.Serialize(new { machine, rows }, s_json));

    private static string Root()
    {
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        while (built is not null && !File.Exists(Path.Combine(built.FullName, RootMark)))
        {
            built = built.Parent;
        }

        return built?.FullName ?? Directory.GetCurrentDirectory();
    }
}
