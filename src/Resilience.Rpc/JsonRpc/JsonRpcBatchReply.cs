using System.Collections;

namespace Resilience.Rpc;

/// <summary>The answers to a batch, in the order of its requests. Dispose of it to give the bytes of all back.</summary>
public sealed class JsonRpcBatchReply : IReadOnlyList<JsonRpcReply>, IDisposable
{
    private readonly JsonRpcReply[] _replies;
    private readonly ReplyBody? _body;

    internal JsonRpcBatchReply(JsonRpcReply[] replies, ReplyBody? body, int strays, bool isSingle)
    {
        _replies = replies;
        _body = body;
        Strays = strays;
        IsSingle = isSingle;
    }

    /// <inheritdoc/>
    public int Count => _replies.Length;

    /// <summary>How many answers came that belong to no request.</summary>
    public int Strays { get; }

    /// <summary>Whether one object came in place of an array: the endpoint answered to the batch as a whole, as those do that take none.</summary>
    public bool IsSingle { get; }

    /// <inheritdoc/>
    public JsonRpcReply this[int index] => _replies[index];

    /// <inheritdoc/>
    public IEnumerator<JsonRpcReply> GetEnumerator() => ((IEnumerable<JsonRpcReply>)_replies).GetEnumerator();

    /// <inheritdoc/>
    public void Dispose() => _body?.Dispose();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
