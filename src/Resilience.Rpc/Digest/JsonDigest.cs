using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>
/// A canonical 128-bit digest of JSON: two documents have the same one if they say the same, whatever the order of members, the escapes,
/// the blanks and the way that numbers are written. It is keyed with a secret of the process, so that no content can be chosen to collide,
/// and is of no use outside of it. Duplicate names, invalid UTF-8 and halves of surrogate pairs are refused, as are exponents of more than
/// 18 digits. Immutable and safe for concurrent use; a call allocates nothing but its own task where it waits; linear in the length, with
/// 32 bytes kept for each member of an object that is open.
/// </summary>
public sealed class JsonDigest
{
    private const int Retained = 64;
    private readonly JsonDigestOptions _options;
    private readonly JsonPathTable _paths;
    private readonly SipKey _key;
    private JsonDigest? _second;
    private readonly BoundedPool<DigestSink> _sinks = new(Retained);

    /// <summary>A digest that compares what the options say.</summary>
    /// <param name="options">What to compare; null for everything.</param>
    /// <exception cref="ArgumentException">An option is out of range or a path cannot be read.</exception>
    public JsonDigest(JsonDigestOptions? options = null)
        : this(options ?? new JsonDigestOptions(), SipKey.Process)
    {
    }

    internal JsonDigest(JsonDigestOptions options, SipKey key)
    {
        _options = options.Validated();
        _paths = new JsonPathTable(_options);
        _key = key;
    }

    /// <summary>The digest that compares everything.</summary>
    public static JsonDigest Whole { get; } = new();

    /// <summary>The digest of one document.</summary>
    /// <param name="json">The document in UTF-8.</param>
    /// <exception cref="JsonException">It has none; the message says why.</exception>
    public UInt128 Compute(ReadOnlyMemory<byte> json) => Compute(new ReadOnlySequence<byte>(json));

    /// <summary>The digest of one document in several segments.</summary>
    /// <param name="json">The document in UTF-8.</param>
    /// <exception cref="JsonException">It has none; the message says why.</exception>
    public UInt128 Compute(ReadOnlySequence<byte> json)
    {
        var sink = Rent();
        try
        {
            var end = Pump(sink).Feed(ref json, isLast: true);
            return sink.Result(end!.Value);
        }
        finally
        {
            Return(sink);
        }
    }

    /// <summary>The digest of the document that a pipe brings. The pipe is read to its end or to the first fault, and left to the caller to complete.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="JsonException">It has none; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<UInt128> ComputeAsync(PipeReader pipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        var sink = Rent();
        try
        {
            return sink.Result(await JsonPump.RunAsync(Pump(sink), pipe, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            Return(sink);
        }
    }

    /// <summary>The same under a second secret: for whom equal digests are not proof enough.</summary>
    internal JsonDigest Second => Volatile.Read(ref _second) ?? Interlocked.CompareExchange(ref _second, new JsonDigest(_options, SipKey.Second), null) ?? _second;

    internal DigestBuilder CreateBuilder() => new(_paths, _key, _options);

    private JsonPump Pump(DigestSink sink) => new(sink, _options.MaxDepth, _options.MaxTokenBytes);

    internal DigestSink Rent()
    {
        var sink = _sinks.TryTake() ?? new DigestSink(CreateBuilder());
        sink.Builder.Reset();
        return sink;
    }

    internal void Return(DigestSink sink)
    {
        sink.Builder.Dispose();
        _sinks.TryPut(sink);
    }
}
