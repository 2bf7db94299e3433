using System.Buffers;
using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>
/// A method and its parameters. Immutable and safe for concurrent use: one request may be sent to several endpoints, several times; each
/// sending gives it an id of its own.
/// </summary>
public sealed class JsonRpcRequest
{
    /// <summary>A request with parameters that are JSON already.</summary>
    /// <param name="method">The method, not empty.</param>
    /// <param name="parameters">An array or object in UTF-8; empty for none. Not copied: must not change afterwards.</param>
    /// <exception cref="ArgumentException">The method is empty, or the parameters are not one JSON array or object.</exception>
    public JsonRpcRequest(string method, ReadOnlyMemory<byte> parameters = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        if (!parameters.IsEmpty && !IsArrayOrObject(parameters.Span))
        {
            throw new ArgumentException($"parameters of {method} are {parameters.Length} bytes; they must be one JSON array or object.", nameof(parameters));
        }

        Method = method;
        Parameters = parameters;
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The parameters in UTF-8; empty if there are none.</summary>
    public ReadOnlyMemory<byte> Parameters { get; }

    /// <summary>A request whose parameters are strings, in an array.</summary>
    /// <param name="method">The method, not empty.</param>
    /// <param name="parameters">The strings; none for an empty array.</param>
    /// <exception cref="ArgumentException">The method is empty.</exception>
    public static JsonRpcRequest Of(string method, params ReadOnlySpan<string> parameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        foreach (var parameter in parameters)
        {
            writer.WriteStringValue(parameter);
        }

        writer.WriteEndArray();
        writer.Flush();
        return new JsonRpcRequest(method, buffer.WrittenMemory);
    }

    /// <summary>A request whose parameters a callback writes: one array or object.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="method">The method, not empty.</param>
    /// <param name="state">What the callback is given.</param>
    /// <param name="write">Writes the parameters.</param>
    /// <exception cref="ArgumentException">The method is empty, or not one JSON array or object was written.</exception>
    public static JsonRpcRequest Write<TState>(string method, TState state, Action<Utf8JsonWriter, TState> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        write(writer, state);
        writer.Flush();
        return new JsonRpcRequest(method, buffer.WrittenMemory);
    }

    /// <inheritdoc/>
    public override string ToString() => Method;

    internal void WriteTo(Utf8JsonWriter writer, long? id)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        if (id is { } number)
        {
            writer.WriteNumber("id"u8, number);
        }

        writer.WriteString("method"u8, Method);
        if (!Parameters.IsEmpty)
        {
            writer.WritePropertyName("params"u8);
            writer.WriteRawValue(Parameters.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    private static bool IsArrayOrObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            {
                return false;
            }

            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
