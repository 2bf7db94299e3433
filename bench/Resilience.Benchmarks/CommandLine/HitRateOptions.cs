namespace Resilience.Benchmarks;

/// <summary>What the verb "hitrate" was asked for.</summary>
/// <param name="Traces">The folder of the traces.</param>
/// <param name="Sizes">Sizes for every trace; none for those that suit it.</param>
/// <param name="Out">The picture to write; null for the usual one.</param>
/// <param name="Gate">Whether a rate below what is owed fails the run.</param>
internal sealed record HitRateOptions(string Traces, IReadOnlyList<long> Sizes, string? Out, bool Gate)
{
    /// <summary>Reads the arguments after the verb.</summary>
    /// <exception cref="ArgumentException">An argument is unknown, lacks its value, or names no folder.</exception>
    public static HitRateOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new HitRateOptions("", [], Out: null, Gate: false);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--gate" => options with { Gate = true },
                "--traces" => options with { Traces = Value(arguments, ref i) },
                "--out" => options with { Out = Value(arguments, ref i) },
                "--sizes" => options with { Sizes = [.. Value(arguments, ref i).Split(',').Select(Size)] },
                var unknown => throw new ArgumentException($"The verb 'hitrate' has no option '{unknown}'."),
            };
        }

        return Directory.Exists(options.Traces)
            ? options
            : throw new ArgumentException($"The option '--traces' needs a folder: '{options.Traces}' is none.");
    }

    private static long Size(string text) => long.TryParse(text, out var size) && size > 0
        ? size
        : throw new ArgumentException($"The option '--sizes' needs numbers above zero, separated by commas: '{text}' is none.");

    private static string Value(ReadOnlySpan<string> arguments, ref int i)
    {
        var option = arguments[i++];
        return i < arguments.Length && arguments[i].Length > 0
            ? arguments[i]
            : throw new ArgumentException($"The option '{option}' needs a value.");
    }
}
