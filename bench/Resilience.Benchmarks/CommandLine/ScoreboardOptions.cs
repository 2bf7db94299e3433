namespace Resilience.Benchmarks;

/// <summary>What the scoreboard was asked for.</summary>
/// <param name="Rows">Names or prefixes of rows; none for all.</param>
/// <param name="Gate">Whether a miss fails the run.</param>
/// <param name="Out">The file to write; null for the usual one.</param>
/// <param name="List">Whether to name the rows instead of running them.</param>
internal sealed record ScoreboardOptions(IReadOnlyList<string> Rows, bool Gate, string? Out, bool List)
{
    /// <summary>Reads the arguments after the verb.</summary>
    /// <exception cref="ArgumentException">An argument is unknown, or lacks its value.</exception>
    public static ScoreboardOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new ScoreboardOptions([], Gate: false, Out: null, List: false);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--gate" => options with { Gate = true },
                "--list" => options with { List = true },
                "--out" => options with { Out = Value(arguments, ref i) },
                "--rows" => options with { Rows = [.. options.Rows, .. Words(Value(arguments, ref i))] },
                var unknown => throw new ArgumentException($"The scoreboard has no option '{unknown}'."),
            };
        }

        return options;
    }

    private static string Value(ReadOnlySpan<string> arguments, ref int i)
    {
        var option = arguments[i++];
        return i < arguments.Length && !arguments[i].StartsWith("--", StringComparison.Ordinal) && arguments[i].Length > 0
            ? arguments[i]
            : throw new ArgumentException($"The option '{option}' needs a value.");
    }

    private static string[] Words(string list)
    {
        var words = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length > 0 ? words : throw new ArgumentException($"The option '--rows' names no row: '{list}'.");
    }
}
