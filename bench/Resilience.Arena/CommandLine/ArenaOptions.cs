namespace Resilience.Arena;

/// <summary>What the command line asks for.</summary>
internal sealed record ArenaOptions
{
    public const double LeastSeconds = 1;
    public const double MostSeconds = 600;
    public const double LeastRate = 1;
    public const double MostRate = 5000;

    public double Seconds { get; init; } = 40;

    public double Rate { get; init; } = 200;

    public int Seed { get; init; } = 1;

    public Arrivals Arrivals { get; init; } = Arrivals.Poisson;

    /// <summary>The script's file; the one inside the program when null.</summary>
    public string? Script { get; init; }

    public string Out { get; init; } = Path.Combine("artifacts", "arena");

    /// <summary>Whether the result is also wanted as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>The file for it; standard output when null.</summary>
    public string? JsonFile { get; init; }

    public bool Help { get; init; }

    /// <summary>Whether standard output is for the JSON alone.</summary>
    public bool JsonOnOutput => Json && JsonFile is null;

    public RunPlan Plan() => new()
    {
        Seconds = Seconds,
        Rate = Rate,
        Seed = Seed,
        Arrivals = Arrivals,
        Script = Script is null ? ScriptReader.ReadDefault() : ScriptReader.ReadFile(Script),
    };
}
