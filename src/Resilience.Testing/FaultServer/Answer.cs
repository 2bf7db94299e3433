using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Resilience.Testing;

/// <summary>
/// What a <see cref="FaultServer"/> does with one request: a response, whole or broken, as a sequence of steps. Immutable; each
/// <c>Then…</c> gives a longer answer.
/// </summary>
public sealed class Answer
{
    private const string Head = "HTTP/1.1 200 OK\r\n";

    private Answer(ImmutableArray<AnswerStep> steps, bool isOnConnect = false)
    {
        Steps = steps;
        IsOnConnect = isOnConnect;
    }

    /// <summary>Resets the connection as soon as it is accepted, before any request is read.</summary>
    public static Answer ResetOnConnect { get; } = new([new AnswerStep(AnswerStepKind.Reset)], isOnConnect: true);

    /// <summary>Accepts and never says anything; no request is read.</summary>
    public static Answer SilenceOnConnect { get; } = new([new AnswerStep(AnswerStepKind.Silence)], isOnConnect: true);

    /// <summary>Reads the request and resets the connection without a byte.</summary>
    public static Answer ResetBeforeHeaders { get; } = Raw("").ThenReset();

    /// <summary>Resets the connection in the middle of the headers.</summary>
    public static Answer ResetWithinHeaders { get; } = Raw(Head + "Content-Le").ThenReset();

    /// <summary>Promises ten bytes, sends the headers and resets the connection.</summary>
    public static Answer ResetAfterHeaders { get; } = Raw(Head + "Content-Length: 10\r\n\r\n").ThenReset();

    /// <summary>Reads the request and never says anything.</summary>
    public static Answer Silence { get; } = Raw("").ThenSilence();

    /// <summary>Ends its direction of the connection instead of answering, and keeps the other one open.</summary>
    public static Answer HalfClose { get; } = Raw("").ThenHalfClose();

    /// <summary>Promises ten bytes, sends four and closes.</summary>
    public static Answer ShortContent { get; } = Raw(Head + "Content-Length: 10\r\n\r\n1234").ThenClose();

    /// <summary>Sends a chunk and closes without the last one.</summary>
    public static Answer UnendedChunks { get; } = Raw(Head + "Transfer-Encoding: chunked\r\n\r\n4\r\n1234\r\n").ThenClose();

    /// <summary>Sends chunk after chunk until the peer is gone.</summary>
    public static Answer EndlessChunks { get; } = Raw(Head + "Transfer-Encoding: chunked\r\n\r\n").ThenForever("4\r\n1234\r\n");

    /// <summary>Sends header after header until the peer is gone.</summary>
    public static Answer EndlessHeaders { get; } = Raw(Head).ThenForever("X-More: and more\r\n");

    internal ImmutableArray<AnswerStep> Steps { get; }

    internal bool IsOnConnect { get; }

    /// <summary>A whole response.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="headers">Header lines besides Content-Length; a name may stand several times.</param>
    public static Answer Status(int status, params ReadOnlySpan<(string Name, string Value)> headers) => Status(status, "", headers);

    /// <summary>A whole response with a body.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="body">The body, sent as UTF-8.</param>
    /// <param name="headers">Header lines besides Content-Length; a name may stand several times.</param>
    public static Answer Status(int status, string body, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        ArgumentNullException.ThrowIfNull(body);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Said\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        foreach (var (name, value) in headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return Raw(text.Append("\r\n").Append(body).ToString());
    }

    /// <summary>Any bytes at all.</summary>
    /// <param name="text">The bytes, as UTF-8 text.</param>
    public static Answer Raw(string text) => Raw(Encoding.UTF8.GetBytes(text));

    /// <summary>Any bytes at all.</summary>
    /// <param name="bytes">The bytes; must not change.</param>
    public static Answer Raw(ReadOnlyMemory<byte> bytes) => new([new AnswerStep(AnswerStepKind.Send, bytes)]);

    /// <summary>The same bytes one at a time, with a pause before each: <see cref="FaultServer.StepAsync"/> lets the next one go.</summary>
    public Answer Dripped()
    {
        var steps = ImmutableArray.CreateBuilder<AnswerStep>();
        foreach (var step in Steps)
        {
            if (step.Kind != AnswerStepKind.Send)
            {
                steps.Add(step);
                continue;
            }

            for (var at = 0; at < step.Bytes.Length; at++)
            {
                steps.Add(new AnswerStep(AnswerStepKind.Pause));
                steps.Add(new AnswerStep(AnswerStepKind.Send, step.Bytes.Slice(at, 1)));
            }
        }

        return new Answer(steps.ToImmutable(), IsOnConnect);
    }

    /// <summary>Sends more bytes.</summary>
    /// <param name="text">The bytes, as UTF-8 text.</param>
    public Answer Then(string text) => With(new AnswerStep(AnswerStepKind.Send, Encoding.UTF8.GetBytes(text)));

    /// <summary>Waits until <see cref="FaultServer.StepAsync"/> lets it go on.</summary>
    public Answer ThenPause() => With(new AnswerStep(AnswerStepKind.Pause));

    /// <summary>Sends the same bytes until the peer is gone.</summary>
    /// <param name="text">The bytes, as UTF-8 text.</param>
    public Answer ThenForever(string text) => With(new AnswerStep(AnswerStepKind.SendForever, Encoding.UTF8.GetBytes(text)));

    /// <summary>Says nothing more until the peer is gone.</summary>
    public Answer ThenSilence() => With(new AnswerStep(AnswerStepKind.Silence));

    /// <summary>Ends its direction of the connection, and keeps the other one open until the peer is gone.</summary>
    public Answer ThenHalfClose() => With(new AnswerStep(AnswerStepKind.HalfClose));

    /// <summary>Closes the connection without having announced it: after a whole response the peer is left with a stale connection.</summary>
    public Answer ThenClose() => With(new AnswerStep(AnswerStepKind.Close));

    /// <summary>Resets the connection.</summary>
    public Answer ThenReset() => With(new AnswerStep(AnswerStepKind.Reset));

    private Answer With(AnswerStep step) => new(Steps.Add(step), IsOnConnect);
}
