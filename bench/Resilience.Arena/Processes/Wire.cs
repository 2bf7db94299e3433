using System.Text.Json;
using System.Text.Json.Serialization;

namespace Resilience.Arena;

/// <summary>What the processes say to each other over their standard streams: one line a message, a word and then JSON.</summary>
internal static class Wire
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Line<T>(string word, T payload) => $"{word} {JsonSerializer.Serialize(payload, s_json)}";

    public static string Word(string line) => line.Split(' ', 2)[0];

    public static T Payload<T>(string line) => JsonSerializer.Deserialize<T>(line[(line.IndexOf(' ') + 1)..], s_json)!;
}
