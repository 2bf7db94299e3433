using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Resilience.Fuzz;

/// <summary>Runs campaigns, each on a thread of its own that is watched for an execution that never ends, and says what came of them.</summary>
public sealed class Runner
{
    private readonly FuzzOptions _options;
    private readonly TextWriter _output;

    /// <summary>A runner for what the command line asks.</summary>
    /// <param name="options">What is asked.</param>
    /// <param name="output">Where to say it.</param>
    public Runner(FuzzOptions options, TextWriter output)
    {
        _options = options;
        _output = output;
    }

    /// <summary>Where crash files go.</summary>
    public string CrashFolder { get; init; } = Path.Combine("artifacts", "fuzz");

    /// <summary>How long one execution may take.</summary>
    public TimeSpan HangLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs every target asked for.</summary>
    /// <returns>0 if all were content, 1 otherwise.</returns>
    public int Run()
    {
        if (_options.Replay is { } file)
        {
            return Replay(_options.Targets[0], file);
        }

        var failed = 0;
        foreach (var target in _options.Targets)
        {
            failed += Run(target) ? 0 : 1;
        }

        return failed == 0 ? 0 : 1;
    }

    private bool Run(FuzzTarget target)
    {
        var campaign = new Campaign(target, _options.Seed);
        var folder = _options.Corpus is null ? null : Path.Combine(_options.Corpus, target.Name);
        byte[][] start = [.. target.Seeds, .. Saved(folder)];
        var watch = Stopwatch.StartNew();
        var (crash, isHung) = Watch(campaign, start);
        _output.WriteLine(
            $"{target.Name}: {campaign.Executions:N0} executions ({campaign.Executions / Math.Max(watch.Elapsed.TotalSeconds, 0.001):N0}/s), "
            + $"corpus {start.Length} -> {campaign.Corpus.Count}, distinct behaviours {campaign.Corpus.Count}, seed {_options.Seed}: "
            + (crash is null ? "passed" : "failed"));
        if (crash is not null)
        {
            Report(target, crash);
        }

        if (folder is not null && !isHung)
        {
            campaign.Corpus.Save(folder);
        }

        return crash is null;
    }

    private static IEnumerable<byte[]> Saved(string? folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];

    private (Crash? Crash, bool IsHung) Watch(Campaign campaign, IEnumerable<byte[]> start)
    {
        Crash? crash = null;
        ExceptionDispatchInfo? broken = null;
        var thread = new Thread(() =>
        {
            try
            {
                crash = campaign.Run(start, _options.Time, _options.Runs);
            }
            catch (Exception error)
            {
                broken = ExceptionDispatchInfo.Capture(error);
            }
        })
        { IsBackground = true, Name = "fuzz" };
        thread.Start();
        for (byte[]? input = null; !thread.Join(HangLimit);)
        {
            // Every execution has an array of its own: the same one after the limit is the same execution.
            if (input is not null && ReferenceEquals(input, campaign.Current))
            {
                return (new Crash(input, new TimeoutException($"The target did not end: more than {HangLimit.TotalSeconds} s.")), true);
            }

            input = campaign.Current;
        }

        broken?.Throw();
        return (crash, false);
    }

    private void Report(FuzzTarget target, Crash crash)
    {
        Directory.CreateDirectory(CrashFolder);
        var file = Path.Combine(CrashFolder, $"crash-{target.Name}-{Corpus.NameOf(crash.Input)}");
        File.WriteAllBytes(file, crash.Input);
        _output.WriteLine(crash.Error);
        _output.WriteLine($"input: {Convert.ToHexStringLower(crash.Input)}");
        _output.WriteLine($"replay: dotnet run -c Release --project fuzz/Resilience.Fuzz -- --target {target.Name} --replay {file}");
    }

    private int Replay(FuzzTarget target, string file)
    {
        var crash = Crash.Of(target.Run, File.ReadAllBytes(file));
        _output.WriteLine(crash is null ? $"{target.Name}: {file} passed" : $"{target.Name}: {file} failed{Environment.NewLine}{crash.Error}");
        return crash is null ? 0 : 1;
    }
}
