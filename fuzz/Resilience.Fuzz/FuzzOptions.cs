using System.Globalization;

namespace Resilience.Fuzz;

/// <summary>What the command line asks for.</summary>
public sealed record FuzzOptions
{
    /// <summary>How the program is used.</summary>
    public const string Usage = """
        usage: Resilience.Fuzz [--target NAME|all] [--seconds N] [--runs N] [--seed N] [--corpus DIR] [--replay FILE]

          --target   which target; all of them by default
          --seconds  how long each one runs, 10 by default
          --runs     after how many executions each one stops; a run of the same seed and number repeats exactly
          --seed     what decides every choice, 1 by default
          --corpus   a folder to read starting inputs from and to save the interesting ones to, in one folder a target
          --replay   runs one file through the target and stops
        """;

    /// <summary>The targets to run.</summary>
    public IReadOnlyList<FuzzTarget> Targets { get; init; } = FuzzTarget.All;

    /// <summary>How long each target runs.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how many executions each target stops.</summary>
    public long Runs { get; init; } = long.MaxValue;

    /// <summary>What decides every choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where inputs are read from and saved to, or null.</summary>
    public string? Corpus { get; init; }

    /// <summary>A file to run once, or null.</summary>
    public string? Replay { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <exception cref="FormatException">An argument is unknown, lacks its value or has one that is out of range.</exception>
    public static FuzzOptions Parse(IReadOnlyList<string> args)
    {
        var options = new FuzzOptions();
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--target" => options with { Targets = Named(value) },
                "--seconds" => options with { Time = TimeSpan.FromSeconds(Number(args[i], value, 86_400)) },
                "--runs" => options with { Runs = Number(args[i], value, long.MaxValue), Time = TimeSpan.MaxValue },
                "--seed" => options with { Seed = (int)Number(args[i], value, int.MaxValue) },
                "--corpus" => options with { Corpus = value },
                "--replay" => options with { Replay = value },
                _ => throw new FormatException($"{args[i]} is not an option."),
            };
        }

        return options.Replay is null || options.Targets.Count == 1
            ? options
            : throw new FormatException("--replay needs one --target.");
    }

    private static FuzzTarget[] Named(string name)
    {
        FuzzTarget[] found = [.. FuzzTarget.All.Where(target => name == "all" || target.Name == name)];
        return found.Length > 0
            ? found
            : throw new FormatException($"--target is {name}; it must be all or one of {string.Join(", ", FuzzTarget.All.Select(t => t.Name))}.");
    }

    private static long Number(string option, string value, long max) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw new FormatException($"{option} is {value}; it must be a whole number from 0 to {max}.");
}
