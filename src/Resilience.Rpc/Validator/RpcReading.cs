using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>What the endpoints said together to one question. Immutable; safe for concurrent use.</summary>
/// <param name="Question">The method and its parameters.</param>
/// <param name="Status">Whether and how they agreed.</param>
/// <param name="Fault">The fault that they agreed on; <see cref="FaultClass.None"/> for a value.</param>
/// <param name="Value">The value that they agreed on, which may be null; undefined if there is none.</param>
/// <param name="Reasons">What each endpoint did, in a line.</param>
public sealed record RpcReading(string Question, FanOutStatus Status, FaultClass Fault, JsonElement Value, IReadOnlyList<string> Reasons)
{
    /// <summary>Whether there is a value, be it null.</summary>
    public bool IsDecided => Value.ValueKind != JsonValueKind.Undefined;

    /// <summary>Whether there is a value other than null.</summary>
    public bool Exists => Value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>For how long it is kept: a kind of <see cref="RpcValidatorOptions"/>.</summary>
    internal string Kind { get; init; } = "";

    /// <summary>A member of the value as text; null if there is none.</summary>
    internal string? Text(string member) =>
        Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(member, out var found) && found.ValueKind == JsonValueKind.String
            ? found.GetString()
            : null;

    /// <summary>Why there is no value, in words.</summary>
    internal string WhyNot() => Fault == FaultClass.None ? $"{Question}: {Status}" : $"{Question}: {Status}, {Fault}";
}
