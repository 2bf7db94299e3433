using System.Buffers;
using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>
/// Reads a whole answer: one object, or for a batch an array of them in any order, each put where its id belongs. Not safe for concurrent use.
/// </summary>
internal sealed class ReplySink(JsonRpcOptions options, DigestBuilder? builder, long firstId, int count, bool isBatch, LargeBody? large = null)
    : IJsonSink
{
    private readonly EnvelopeReader _reader = new(options, builder);
    private readonly Answer[] _answers = new Answer[count];
    private Place _place;
    private long _offset;

    private enum Place
    {
        Before,
        Between,
        InEnvelope,
        After,
    }

    /// <summary>An envelope for one request, and how many there were.</summary>
    internal struct Answer
    {
        // Not readonly: counted up in place.
        internal Envelope Envelope;
        internal int Times;
    }

    internal ReplyBody Body { get; } = new(Math.Min(options.RetainBytes, large?.OthersRetainBytes ?? int.MaxValue), large);

    /// <summary>The answers, in the order of the requests.</summary>
    internal ReadOnlySpan<Answer> Answers => _answers;

    /// <summary>The one object that came in place of a batch's array, or the last one without a request.</summary>
    internal Envelope Stray { get; private set; }

    /// <summary>Whether one object came in answer to a batch.</summary>
    internal bool IsSingle { get; private set; }

    /// <summary>How many answers belong to no request.</summary>
    internal int Strays { get; private set; }

    /// <summary>Why the whole is no answer; null if nothing is wrong.</summary>
    internal string? Complaint { get; private set; }

    /// <summary>Gives back what was rented, but not the body.</summary>
    internal void Release() => _reader.Release();

    public void Begin(long offset) => _offset = offset;

    public void End(ReadOnlySequence<byte> consumed) => Body.Append(consumed);

    public bool Take(ref Utf8JsonReader reader, bool isAscii)
    {
        switch (_place)
        {
            case Place.Before:
                TakeRoot(ref reader);
                break;
            case Place.Between:
                TakeItem(ref reader);
                break;
            case Place.InEnvelope:
                if (_reader.Take(ref reader, isAscii, _offset))
                {
                    Complaint = _reader.Complaint;
                    Close();
                }

                break;
        }

        return Complaint is null;
    }

    private void TakeRoot(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            IsSingle = true;
            Open(depth: 0);
        }
        else if (isBatch && reader.TokenType == JsonTokenType.StartArray)
        {
            _place = Place.Between;
        }
        else
        {
            Complaint = isBatch ? "It is neither an array nor an object." : "It is not an object.";
        }
    }

    private void TakeItem(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Open(depth: 1);
                break;
            case JsonTokenType.EndArray:
                _place = Place.After;
                break;
            default:
                Complaint = "An element of the array is not an object.";
                break;
        }
    }

    private void Open(int depth)
    {
        _reader.Start(depth, firstId, count);
        _place = Place.InEnvelope;
    }

    private void Close()
    {
        _place = IsSingle ? Place.After : Place.Between;
        ref var envelope = ref _reader.Envelope;
        if (IsSingle && isBatch)
        {
            Stray = envelope;
        }
        else if (envelope.Index >= 0)
        {
            ref var answer = ref _answers[envelope.Index];
            answer.Envelope = envelope;
            answer.Times++;
        }
        else
        {
            Stray = envelope;
            Strays++;
        }
    }
}
