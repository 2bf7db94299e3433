using System.Text.Json;
using System.Text.Json.Serialization;

namespace Resilience.Arena;

/// <summary>The result for machines.</summary>
internal static class JsonResult
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(ArenaResult result) => JsonSerializer.Serialize(result, s_json);
}
