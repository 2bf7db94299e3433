using Resilience.Rpc;
using Spectre.Console;

namespace Resilience.Arena;

/// <summary><c>arena validate</c>: transactions, blocks and addresses against endpoints, or the demo.</summary>
internal static class ValidateMain
{
    public const string Verb = "validate";

    private const int Valid = 0;
    private const int NotValid = 1;
    private const int BadInput = 2;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] arguments)
    {
        ValidateOptions options;
        try
        {
            options = ValidateOptions.Read(arguments);
        }
        catch (ScriptException mistake)
        {
            await Console.Error.WriteLineAsync(mistake.Message);
            return BadInput;
        }

        if (options.WantsHelp)
        {
            Console.WriteLine(ValidateOptions.Help);
            return Valid;
        }

        using var interruption = new Interruption();
        try
        {
            var valid = options.Demo
                ? await new DemoRun(AnsiConsole.Console, interruption.Token).RunAsync()
                : await ValidateAsync(options, interruption.Token);
            return valid ? Valid : NotValid;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return Interrupted;
        }
        catch (ArgumentException mistake)
        {
            await Console.Error.WriteLineAsync(mistake.Message);
            return BadInput;
        }
    }

    private static async Task<bool> ValidateAsync(ValidateOptions options, CancellationToken token)
    {
        using var http = new HttpClient();
        var endpoints = new EndpointSet<JsonRpcClient>(options.Endpoints.Select((uri, i) => new EndpointOptions<JsonRpcClient>
        {
            Name = $"{i + 1} {uri.Authority}",
            Target = new JsonRpcClient(http, uri),
        }));
        using var validator = new RpcValidator(endpoints, new RpcValidatorOptions { Confirmations = options.Confirmations });
        var valid = true;
        await AnsiConsole.Console.Progress().StartAsync(async live =>
        {
            var bar = live.AddTask("subjects", maxValue: options.Subjects.Count);
            var progress = new Progress<RpcProgress>(step => bar.Value = step.Done);
            await foreach (var verdict in validator.ValidateManyAsync(
                options.Subjects, new RpcBulkOptions { Ordered = true, MaxBatch = options.Batch }, progress, token))
            {
                ReasonsTable.Write(AnsiConsole.Console, verdict);
                valid &= verdict.IsValid;
            }
        });
        return valid;
    }
}
