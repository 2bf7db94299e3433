using System.Globalization;

namespace Resilience.Arena;

/// <summary>Reads the command line.</summary>
internal static class ArgumentReader
{
    public const string Help = """
        The arena: the same load and the same outage for a bare HttpClient, Polly, and Resilience.

        dotnet run -c Release --project bench/Resilience.Arena -- [options]

          --seconds N          length of the script, 1 to 600 seconds                          (40)
          --rate N             calls a second for each contestant, 1 to 5000                   (200)
          --seed N             seed of arrivals and faults, a whole number                     (1)
          --arrivals KIND      poisson or constant                                             (poisson)
          --script FILE        the outage as JSON; see bench/Resilience.Arena/README.md        (built in)
          --out DIR            where report.html goes                                          (artifacts/arena)
          --json [FILE]        the result as JSON too: to FILE, or to standard output,
                               with everything else on standard error
          --help               this text

        Exit codes: 0 the run is complete, 1 it failed, 2 an argument or the script is wrong, 130 interrupted.
        """;

    public static ArenaOptions Read(IReadOnlyList<string> arguments)
    {
        var options = new ArenaOptions();
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out string? name))
        {
            options = name switch
            {
                "--seconds" => options with { Seconds = Number(name, rest, ArenaOptions.LeastSeconds, ArenaOptions.MostSeconds) },
                "--rate" => options with { Rate = Number(name, rest, ArenaOptions.LeastRate, ArenaOptions.MostRate) },
                "--seed" => options with { Seed = Whole(name, rest) },
                "--arrivals" => options with { Arrivals = Kind(name, rest) },
                "--script" => options with { Script = Value(name, rest, "the path of a JSON file") },
                "--out" => options with { Out = Value(name, rest, "the path of a directory") },
                "--json" => options with { Json = true, JsonFile = Optional(rest) },
                "--help" or "-h" or "-?" => options with { Help = true },
                _ => throw new ScriptException($"{name} is not an option of the arena; --help lists them."),
            };
        }

        double calls = options.Rate * options.Seconds;
        return calls <= RunPlan.MaxCalls
            ? options
            : throw new ScriptException($"--rate {options.Rate} for --seconds {options.Seconds} makes {calls:F0} calls a contestant; "
                + $"it must be at most {RunPlan.MaxCalls}.");
    }

    private static string? Optional(Queue<string> rest) =>
        rest.TryPeek(out string? next) && !next.StartsWith("--", StringComparison.Ordinal) ? rest.Dequeue() : null;

    private static string Value(string name, Queue<string> rest, string allowed) =>
        Optional(rest) is { Length: > 0 } value ? value : throw new ScriptException($"{name} has no value; it must be {allowed}.");

    private static double Number(string name, Queue<string> rest, double least, double most)
    {
        string allowed = $"a number from {least} to {most}";
        string text = Value(name, rest, allowed);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? value
            : throw new ScriptException($"{name} is {text}; it must be {allowed}.");
    }

    private static int Whole(string name, Queue<string> rest)
    {
        string allowed = $"a whole number from {int.MinValue} to {int.MaxValue}";
        string text = Value(name, rest, allowed);
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new ScriptException($"{name} is {text}; it must be {allowed}.");
    }

    private static Arrivals Kind(string name, Queue<string> rest)
    {
        string text = Value(name, rest, "poisson or constant");
        return text switch
        {
            "poisson" => Arrivals.Poisson,
            "constant" => Arrivals.Constant,
            _ => throw new ScriptException($"{name} is {text}; it must be poisson or constant."),
        };
    }
}
