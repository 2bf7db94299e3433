using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Resilience.Fuzz.Targets;

/// <summary>
/// JSON-RPC answers as the specification and the client's strictness say them, read from a whole document and written to be checked against the
/// text and not to be fast. Notes the branch that it took.
/// </summary>
internal sealed partial class RpcReplyModel
{
    private const int MaxMembers = 32;
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private RpcReplyModel(bool isBatch, string[] answers)
    {
        IsBatch = isBatch;
        Answers = answers;
    }

    internal bool IsBatch { get; }

    /// <summary>For each request the result's text, the error's code, or what is wrong.</summary>
    internal string[] Answers { get; }

    /// <summary>Reads an answer to the id 1, or to 1 and 2 in a batch; null if it is none as a whole.</summary>
    internal static RpcReplyModel? Read(byte[] bytes, bool isBatch)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, s_strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object && !(isBatch && root.ValueKind == JsonValueKind.Array))
            {
                return null;
            }

            var isSingle = root.ValueKind == JsonValueKind.Object;
            JsonElement[] items = isSingle ? [root] : [.. root.EnumerateArray()];
            if (items.Any(item => item.ValueKind != JsonValueKind.Object || !IsSmall(item)) || !IsClean(root))
            {
                return null;
            }

            var answers = Enumerable.Range(1, isBatch ? 2 : 1)
                .Select(id => isSingle && isBatch ? "stray" : Answer([.. items.Where(item => Id(item) == $"{id}")]));
            return new RpcReplyModel(isBatch, [.. answers]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            Behaviour.Note(1);
            return null;
        }
    }

    private static string? Id(JsonElement item) =>
        item.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number ? id.GetRawText() : null;

    private static string Answer(JsonElement[] items)
    {
        if (items.Length != 1)
        {
            return $"{items.Length} times";
        }

        var item = items[0];
        var version = item.TryGetProperty("jsonrpc", out var v) && v.ValueKind == JsonValueKind.String && v.GetString() == "2.0";
        var hasResult = item.TryGetProperty("result", out var result);
        var hasError = item.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null;
        Behaviour.Note((version ? 8 : 0) + (hasResult ? 4 : 0) + (hasError ? 2 : 0));
        if (!version || hasResult == hasError)
        {
            return "wrong";
        }

        return hasResult ? $"result {result.GetRawText()}" : Code(error) is { } code ? $"error {code}" : "wrong";
    }

    private static long? Code(JsonElement error) =>
        error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt64(out var number)
        && error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
            ? number
            : null;

    private static bool IsSmall(JsonElement item) =>
        item.EnumerateObject().Count() <= MaxMembers
        && (!item.TryGetProperty("error", out var error)
            || (error.ValueKind != JsonValueKind.Array && (error.ValueKind != JsonValueKind.Object || error.EnumerateObject().Count() <= MaxMembers)));

    // Every text can be decoded, and no exponent is beyond 18 digits. Throws where a text cannot.
    private static bool IsClean(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return element.EnumerateObject().All(member => member.Name is not null && IsClean(member.Value));
            case JsonValueKind.Array:
                return element.EnumerateArray().All(IsClean);
            case JsonValueKind.String:
                return element.GetString() is not null;
            case JsonValueKind.Number:
                return !HugeExponent().IsMatch(element.GetRawText());
            default:
                return true;
        }
    }

    // A zero has no exponent, whatever is written.
    [GeneratedRegex(@"^-?[0-9.]*[1-9][0-9.]*[eE][-+]?0*[1-9][0-9]{18,}$", RegexOptions.CultureInvariant)]
    private static partial Regex HugeExponent();
}
