using System.Net;

namespace Resilience.Rpc;

public sealed partial class JsonRpcClient
{
    private long _unclassified;

    private JsonRpcReply Single(JsonRpcRequest request, Exchange exchange, Reading reading)
    {
        if (Broken(exchange, reading) is { } broken)
        {
            return new JsonRpcReply(broken.Fault, broken.Reason, broken);
        }

        var answer = reading.Sink.Answers[0];
        return answer.Times == 1
            ? Reply(request, answer.Envelope, exchange, reading, sharesBody: true)
            : Unattributed(request, reading.Sink.Stray, exchange);
    }

    private JsonRpcBatchReply Batch(JsonRpcRequest[] batch, Exchange exchange, Reading reading, bool sharesBody)
    {
        var replies = new JsonRpcReply[batch.Length];
        if (Broken(exchange, reading) is { } broken)
        {
            Array.Fill(replies, new JsonRpcReply(broken.Fault, broken.Reason, broken));
            return new JsonRpcBatchReply(replies, null, 0, isSingle: false);
        }

        for (var i = 0; i < replies.Length; i++)
        {
            var answer = reading.Sink.Answers[i];
            replies[i] = reading.Sink.IsSingle ? Unattributed(batch[i], reading.Sink.Stray, exchange)
                : answer.Times == 1 ? Reply(batch[i], answer.Envelope, exchange, reading, sharesBody)
                : Protocol(answer.Times == 0 ? "No answer has its id." : "Several answers have its id.", exchange);
        }

        // Where the replies share the body it is theirs, or nobody's if there is no result among them.
        reading.IsBodyTaken |= !sharesBody;
        return new JsonRpcBatchReply(replies, sharesBody ? null : reading.Sink.Body, reading.Sink.Strays, reading.Sink.IsSingle);
    }

    private JsonRpcReply Reply(JsonRpcRequest request, in Envelope envelope, Exchange exchange, Reading reading, bool sharesBody)
    {
        if (envelope.Complaint(_options) is { } complaint)
        {
            return Protocol(complaint, exchange);
        }

        if (envelope.HasError && !envelope.IsErrorNull)
        {
            return Error(request, envelope, exchange);
        }

        reading.IsBodyTaken = true;
        return new JsonRpcReply(envelope, exchange, reading.Sink.Body, sharesBody, reading.Digest);
    }

    // An object that has no id of ours: an error about the whole request, or nothing that can be believed.
    private JsonRpcReply Unattributed(JsonRpcRequest request, in Envelope envelope, Exchange exchange) =>
        envelope.Complaint(_options) is { } complaint ? Protocol(complaint, exchange)
        : envelope.IsErrorForAny(_options) ? Error(request, envelope, exchange)
        : Protocol(envelope.HasId ? "The id is not the one that was sent." : "The id is missing.", exchange);

    private JsonRpcReply Error(JsonRpcRequest request, in Envelope envelope, Exchange exchange)
    {
        var signal = new FaultSignal(
            (int)(exchange.Status ?? default(HttpStatusCode)), envelope.Code, envelope.Message, envelope.DataText, request.Method);
        var fault = _options.Faults.Classify(signal);
        if (fault == FaultClass.Unclassified)
        {
            Interlocked.Increment(ref _unclassified);
        }

        return new JsonRpcReply(fault, envelope, exchange);
    }

    private JsonRpcReply Protocol(string reason, Exchange exchange)
    {
        var status = (int)(exchange.Status ?? default(HttpStatusCode));
        var fault = status is >= 200 and < 300 ? FaultClass.Protocol : _options.Faults.Classify(new FaultSignal(status));
        return new JsonRpcReply(fault, reason, exchange);
    }

    // What kept the document from being read to its end; null if nothing did.
    private Exchange? Broken(Exchange exchange, Reading reading)
    {
        if (exchange.Fault != FaultClass.None)
        {
            return exchange;
        }

        return reading.End switch
        {
            JsonEnd.Complete => null,
            JsonEnd.Malformed => Unreadable("It is not one whole JSON value no deeper than MaxDepth."),
            JsonEnd.Stopped => Unreadable(reading.Sink.Complaint!),
            JsonEnd.TokenTooLong => exchange with { Fault = FaultClass.TooLarge, Reason = "A token is longer than MaxTokenBytes." },
            _ => exchange with { Fault = FaultClass.TooLarge, Reason = "The answer is longer than MaxResponseBytes." },
        };

        Exchange Unreadable(string reason) => exchange with { Fault = Protocol(reason, exchange).Fault, Reason = reason };
    }
}
