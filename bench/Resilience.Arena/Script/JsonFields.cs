using System.Text.Json;

namespace Resilience.Arena;

/// <summary>Reads one JSON object field by field; a mistake is reported with its path, the value given and what is allowed.</summary>
internal sealed class JsonFields
{
    private readonly JsonElement _object;
    private readonly string _path;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public JsonFields(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ScriptException($"{Where(path)} is {Shown(element)}; it must be an object.");
        }

        _object = element;
        _path = path;
        foreach (IGrouping<string, JsonProperty> same in element.EnumerateObject().GroupBy(p => p.Name).Where(g => g.Count() > 1))
        {
            throw new ScriptException($"{Path(same.Key)} is given {same.Count()} times; it must be given once.");
        }
    }

    public string Text(string name, string? otherwise)
    {
        if (Find(name) is not { } value)
        {
            return otherwise ?? throw new ScriptException($"{Path(name)} is missing; it must be a text of 1 to 40 characters.");
        }

        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return text.Trim().Length is >= 1 and <= 40
            ? text.Trim()
            : throw new ScriptException($"{Path(name)} is {Shown(value)}; it must be a text of 1 to 40 characters.");
    }

    public double Number(string name, double? otherwise, double least, double most)
    {
        if (Find(name) is not { } value)
        {
            return otherwise ?? throw new ScriptException($"{Path(name)} is missing; it must be a number from {least} to {most}.");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= least && number <= most
            ? number
            : throw new ScriptException($"{Path(name)} is {Shown(value)}; it must be a number from {least} to {most}.");
    }

    public int Whole(string name, int otherwise, int least, int most)
    {
        if (Find(name) is not { } value)
        {
            return otherwise;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw new ScriptException($"{Path(name)} is {Shown(value)}; it must be a whole number from {least} to {most}.");
    }

    public int? WholeOrNone(string name, int least, int most) => Find(name) is null ? null : Whole(name, 0, least, most);

    public bool Flag(string name)
    {
        if (Find(name) is not { } value)
        {
            return false;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw new ScriptException($"{Path(name)} is {Shown(value)}; it must be true or false.");
    }

    public JsonFields? Object(string name) => Find(name) is { } value ? new JsonFields(value, Path(name)) : null;

    public IReadOnlyList<JsonFields> Objects(string name, int least, int most)
    {
        string allowed = $"it must be a list of {least} to {most} objects.";
        JsonElement list = Find(name) ?? throw new ScriptException($"{Path(name)} is missing; {allowed}");
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new ScriptException($"{Path(name)} is {Shown(list)}; {allowed}");
        }

        int length = list.GetArrayLength();
        return length >= least && length <= most
            ? [.. list.EnumerateArray().Select((item, i) => new JsonFields(item, $"{Path(name)}[{i}]"))]
            : throw new ScriptException($"{Path(name)} holds {length} objects; {allowed}");
    }

    /// <summary>Refuses fields that nobody asked for: a misspelt name would otherwise pass for its default.</summary>
    public void Finish()
    {
        foreach (JsonProperty property in _object.EnumerateObject().Where(property => !_known.Contains(property.Name)))
        {
            string known = string.Join(", ", _known.Order(StringComparer.Ordinal));
            throw new ScriptException($"{Path(property.Name)} is not a field of the script; the fields here are {known}.");
        }
    }

    public string Path(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private static string Where(string path) => path.Length == 0 ? "The script" : path;

    private static string Shown(JsonElement value)
    {
        string text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= 40 ? text : $"{text[..40]}…";
    }

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _object.TryGetProperty(name, out JsonElement value) ? value : null;
    }
}
