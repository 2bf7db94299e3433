using System.Buffers;
using System.Text;
using Resilience.Rpc;

namespace Resilience.Fuzz.Targets;

/// <summary>
/// The streaming reader of JSON-RPC answers beside <see cref="RpcReplyModel"/>, which reads the document at once. The first byte chooses a
/// batch of two or a single call, the second how the bytes are cut into segments; the rest is the answer.
/// </summary>
public static class RpcReplyTarget
{
    private const int Header = 2;
    private static readonly JsonRpcOptions s_options = new();
    private static readonly JsonDigest s_digest = JsonDigest.Whole;

    /// <summary>The target and its language.</summary>
    public static FuzzTarget Create() => new("rpc-reply", Run, Seeds(), Tokens());

    /// <summary>Checks the product's reader.</summary>
    /// <param name="input">The bytes.</param>
    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < Header)
        {
            return;
        }

        var isBatch = (input[0] & 1) != 0;
        var bytes = input[Header..].ToArray();
        using var builder = s_digest.CreateBuilder();
        var sink = new ReplySink(s_options, builder, 1, isBatch ? 2 : 1, isBatch);
        var end = Feed(sink, bytes, input[1]);
        var model = RpcReplyModel.Read(bytes, isBatch);
        Behaviour.Note((int)end);
        if (end == JsonEnd.Complete != model is not null)
        {
            throw new FuzzFailure($"Well-formedness differs: {end} {sink.Complaint} for {Encoding.UTF8.GetString(bytes)}");
        }

        for (var i = 0; model is not null && i < sink.Answers.Length; i++)
        {
            Compare(sink, i, model, bytes);
        }

        sink.Body.Dispose();
        sink.Release();
    }

    private static void Compare(ReplySink sink, int i, RpcReplyModel model, byte[] bytes)
    {
        var said = sink.IsSingle && model.IsBatch ? "stray" : Text(sink.Answers[i], sink);
        Behaviour.Note(said.Length > 0 ? said[0] : 0);
        if (said != model.Answers[i])
        {
            throw new FuzzFailure($"Answer differs: {i} is {said}, the model says {model.Answers[i]} for {Encoding.UTF8.GetString(bytes)}");
        }
    }

    private static string Text(in ReplySink.Answer answer, ReplySink sink)
    {
        if (answer.Times != 1)
        {
            return $"{answer.Times} times";
        }

        var envelope = answer.Envelope;
        if (envelope.Complaint(s_options) is not null)
        {
            return "wrong";
        }

        return envelope.HasError && !envelope.IsErrorNull
            ? $"error {envelope.Code}"
            : $"result {Encoding.UTF8.GetString(sink.Body.Slice(envelope.ResultStart, envelope.ResultEnd).Span)}";
    }

    // In segments of random lengths, and in passes of one or more segments, as a pipe would bring them.
    private static JsonEnd Feed(ReplySink sink, byte[] bytes, int seed)
    {
        var random = new Random(seed);
        var pump = new JsonPump(sink, s_options.MaxDepth, s_options.MaxTokenBytes, s_options.MaxResponseBytes);
        for (var (at, there) = (0, 0); ;)
        {
            there = seed == 0 ? bytes.Length : Math.Min(bytes.Length, there + random.Next(1, 40));
            var buffer = Cut(bytes.AsMemory(at, there - at), random, seed == 0 ? int.MaxValue : 8);
            var before = buffer.Length;
            if (pump.Feed(ref buffer, there == bytes.Length) is { } end)
            {
                return end;
            }

            at += (int)(before - buffer.Length);
        }
    }

    private static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, Random random, int most)
    {
        if (bytes.Length <= 1)
        {
            return new ReadOnlySequence<byte>(bytes);
        }

        Piece? first = null;
        Piece? last = null;
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(most == int.MaxValue ? bytes.Length : random.Next(0, most), bytes.Length - at);
            last = new Piece(bytes.Slice(at, count), last);
            first ??= last;
            at += count;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private static byte[][] Seeds() =>
    [
        .. new[]
        {
            """{"jsonrpc":"2.0","id":1,"result":{"a":[1,2.5,null]}}""", """{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"m","data":"0x"}}""",
            """{"id":1,"jsonrpc":"2.0","result":null,"error":null}""", """{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"é"}}""", "[]", "{}",
        }.Select(text => (byte[])[0, 1, .. Encoding.UTF8.GetBytes(text)]),
        [1, 5, .. """[{"jsonrpc":"2.0","id":2,"result":1},{"jsonrpc":"2.0","id":1,"result":"\u0041\ud83d\ude00"}]"""u8],
        [1, 0, .. """[{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}},{"jsonrpc":"2.0","id":1,"result":[{}]}]"""u8],
    ];

    private static byte[][] Tokens() =>
    [
        .. """{|}|[|]|,|:|"|"jsonrpc":"2.0"|"id":1|"id":2|"id":"1"|"id":null|"result":|"error":|"code":|"message":|"data":|null|true|1e5|-0|1.0|\u0061|\ud800|\udc00|1e9999999999999999999|"a":1,"a":1|{"a":|é"""
            .Split('|')
            .Select(Encoding.UTF8.GetBytes),
    ];

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
