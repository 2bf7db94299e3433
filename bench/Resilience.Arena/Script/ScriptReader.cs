using System.Text.Json;

namespace Resilience.Arena;

/// <summary>Reads a script from JSON. Comments and trailing commas are allowed; unknown fields are not.</summary>
internal static class ScriptReader
{
    private const int MostBytes = 1 << 20;

    private static readonly JsonDocumentOptions s_lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    public static OutageScript ReadDefault()
    {
        using Stream stream = typeof(ScriptReader).Assembly.GetManifestResourceStream("outage.json")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    public static OutageScript ReadFile(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new ScriptException($"--script is {path}; there is no such file.");
        }

        if (file.Length > MostBytes)
        {
            throw new ScriptException($"--script is {path} of {file.Length} bytes; it must be at most {MostBytes} bytes.");
        }

        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (ScriptException mistake)
        {
            throw new ScriptException($"{path}: {mistake.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ScriptException($"--script is {path}; it must be a file that can be read. {unreadable.Message}");
        }
    }

    public static OutageScript Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, s_lenient);
            return Script(new JsonFields(document.RootElement, ""));
        }
        catch (JsonException mistake)
        {
            throw new ScriptException(
                $"not JSON at line {mistake.LineNumber + 1}, byte {mistake.BytePositionInLine + 1}: {mistake.Message.Split(" LineNumber")[0]}");
        }
    }

    private static OutageScript Script(JsonFields fields)
    {
        var script = new OutageScript
        {
            Name = fields.Text("name", "Outage"),
            Phases = [.. fields.Objects("phases", 1, 20).Select(Phase)],
            Policy = fields.Object("policy") is { } policy ? Policy(policy) : new Policy(),
        };
        fields.Finish();
        return script;
    }

    private static Phase Phase(JsonFields fields)
    {
        var plain = new Phase { Name = "", Share = 1 };
        double median = fields.Number("medianMs", plain.MedianMs, 0, 60_000);
        var phase = new Phase
        {
            Name = fields.Text("name", null),
            Share = fields.Number("share", null, 0.01, 10_000),
            MedianMs = median,
            P99Ms = fields.Number("p99Ms", Math.Max(median, plain.P99Ms), 0, 60_000),
            StuckRatio = fields.Number("stuckRatio", 0, 0, 1),
            StuckMs = fields.Number("stuckMs", plain.StuckMs, 0, 60_000),
            ErrorRatio = fields.Number("errorRatio", 0, 0, 1),
            Status = fields.Whole("status", plain.Status, 400, 599),
            RetryAfterSeconds = fields.WholeOrNone("retryAfterSeconds", 0, 86_400),
            ResetRatio = fields.Number("resetRatio", 0, 0, 1),
            Outage = fields.Flag("outage"),
        };
        fields.Finish();
        if (phase.P99Ms < phase.MedianMs)
        {
            throw new ScriptException($"{fields.Path("p99Ms")} is {phase.P99Ms}; it must be at least medianMs, which is {phase.MedianMs}.");
        }

        double faults = phase.StuckRatio + phase.ErrorRatio + phase.ResetRatio;
        return faults <= 1 + 1e-9
            ? phase
            : throw new ScriptException($"{fields.Path("stuckRatio")} {phase.StuckRatio}, errorRatio {phase.ErrorRatio} and "
                + $"resetRatio {phase.ResetRatio} add up to {faults}; they must add up to at most 1.");
    }

    private static Policy Policy(JsonFields fields)
    {
        var usual = new Policy();
        var policy = new Policy
        {
            TotalTimeoutMs = fields.Whole("totalTimeoutMs", usual.TotalTimeoutMs, 10, 60_000),
            Retries = fields.Whole("retries", usual.Retries, 1, 10),
            RetryDelayMs = fields.Whole("retryDelayMs", usual.RetryDelayMs, 0, 60_000),
            FailureRatio = fields.Number("failureRatio", usual.FailureRatio, 0.001, 1),
            MinimumCalls = fields.Whole("minimumCalls", usual.MinimumCalls, 2, 65_536),
            SamplingMs = fields.Whole("samplingMs", usual.SamplingMs, 500, 60_000),
            BreakMs = fields.Whole("breakMs", usual.BreakMs, 500, 60_000),
            AttemptTimeoutMs = fields.Whole("attemptTimeoutMs", usual.AttemptTimeoutMs, 10, 60_000),
        };
        fields.Finish();
        return policy.AttemptTimeoutMs <= policy.TotalTimeoutMs
            ? policy
            : throw new ScriptException($"{fields.Path("attemptTimeoutMs")} is {policy.AttemptTimeoutMs}; "
                + $"it must be at most totalTimeoutMs, which is {policy.TotalTimeoutMs}.");
    }
}
