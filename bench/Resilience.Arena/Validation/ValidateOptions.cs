using Resilience.Rpc;

namespace Resilience.Arena;

/// <summary>What <c>arena validate</c> is asked to do.</summary>
internal sealed record ValidateOptions
{
    public const string Help = """
        arena validate: transactions, blocks and addresses against several JSON-RPC endpoints at once.

        dotnet run -c Release --project bench/Resilience.Arena -- validate --demo
        dotnet run -c Release --project bench/Resilience.Arena -- validate --endpoints URL,URL,URL --tx HASH[,HASH]

          --demo               endpoints of its own on loopback: speed, faults and wrong answers
          --endpoints URLS     from 1 to 16, separated by commas
          --tx HASHES          transactions, separated by commas
          --block BLOCKS       blocks by hash or number, separated by commas
          --address ADDRESSES  addresses, separated by commas
          --confirmations N    blocks that must confirm them, 1 to 1000000      (1)
          --batch N            the most calls of one HTTP request, 1 to 1000    (32)
          --help               this text

        Exit codes: 0 all valid, or the demo met its marks; 1 not; 2 an argument is wrong; 130 interrupted.
        """;

    public bool Demo { get; init; }

    public bool WantsHelp { get; init; }

    public IReadOnlyList<Uri> Endpoints { get; init; } = [];

    public IReadOnlyList<RpcSubject> Subjects { get; init; } = [];

    public int Confirmations { get; init; } = 1;

    public int Batch { get; init; } = 32;

    public static ValidateOptions Read(IReadOnlyList<string> arguments)
    {
        var options = new ValidateOptions();
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--demo" => options with { Demo = true },
                "--help" or "-h" or "-?" => options with { WantsHelp = true },
                "--endpoints" => options with { Endpoints = [.. Values(name, rest).Select(Endpoint)] },
                "--tx" => options with { Subjects = [.. options.Subjects, .. Values(name, rest).Select(text => Subject(name, text, RpcSubject.Transaction))] },
                "--block" => options with { Subjects = [.. options.Subjects, .. Values(name, rest).Select(text => Subject(name, text, Block))] },
                "--address" => options with { Subjects = [.. options.Subjects, .. Values(name, rest).Select(text => Subject(name, text, RpcSubject.Address))] },
                "--confirmations" => options with { Confirmations = Count(name, Values(name, rest)[0], 1_000_000) },
                "--batch" => options with { Batch = Count(name, Values(name, rest)[0], 1_000) },
                _ => throw new ScriptException($"{name} is not an option of arena validate; --help lists them."),
            };
        }

        return options.Demo || options.WantsHelp || (options.Endpoints.Count > 0 && options.Subjects.Count > 0)
            ? options
            : throw new ScriptException("arena validate needs --demo, or --endpoints and --tx, --block or --address; --help explains them.");
    }

    private static string[] Values(string name, Queue<string> rest) =>
        rest.TryDequeue(out var text) && text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } values
            ? values
            : throw new ScriptException($"{name} has no value; it must be a list separated by commas.");

    private static Uri Endpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
            ? uri
            : throw new ScriptException($"--endpoints has '{text}'; it must be an http or https address.");

    private static RpcSubject Block(string text) => long.TryParse(text, out var number) ? RpcSubject.Block(number) : RpcSubject.Block(text);

    private static RpcSubject Subject(string name, string text, Func<string, RpcSubject> read)
    {
        try
        {
            return read(text);
        }
        catch (ArgumentException mistake)
        {
            throw new ScriptException($"{name}: {mistake.Message}");
        }
    }

    private static int Count(string name, string text, int most) =>
        int.TryParse(text, out var count) && count >= 1 && count <= most
            ? count
            : throw new ScriptException($"{name} is {text}; it must be a whole number from 1 to {most}.");
}
