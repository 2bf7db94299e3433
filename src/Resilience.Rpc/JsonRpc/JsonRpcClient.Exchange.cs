using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;

namespace Resilience.Rpc;

public sealed partial class JsonRpcClient
{
    private const int BufferBytes = 32 << 10;
    private static readonly MediaTypeHeaderValue s_json = new("application/json");
    private static readonly StreamPipeReaderOptions s_pipe = new(bufferSize: BufferBytes, minimumReadSize: BufferBytes / 4);

    private async ValueTask<Exchange> ExchangeAsync(byte[] content, Reading? reading, CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = s_json;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        HttpStatusCode? status = null;
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            status = response.StatusCode;
            return await JudgeAsync(response, reading, token).ConfigureAwait(false);
        }
        catch (Exception e) when (!token.IsCancellationRequested && HttpFault.Of(e) is { } fault)
        {
            var wait = e is RejectedException rejected ? rejected.RetryAfter : TimeSpan.Zero;
            return new Exchange(fault, e.Message, status, wait, e);
        }
        catch (Exception e) when (token.IsCancellationRequested && e is not OperationCanceledException && HttpFault.Of(e) is not null)
        {
            // Some handlers tell a cancellation as a broken connection.
            throw new OperationCanceledException(e.Message, e, token);
        }
    }

    private async ValueTask<Exchange> JudgeAsync(HttpResponseMessage response, Reading? reading, CancellationToken token)
    {
        var wait = HttpFault.RetryAfter(response, _time);
        if (HttpFault.IsThrottled(response))
        {
            return new Exchange(FaultClass.RateLimited, $"The status is {(int)response.StatusCode}.", response.StatusCode, wait);
        }

        if (reading is null)
        {
            return response.IsSuccessStatusCode
                ? new Exchange(FaultClass.None, "", response.StatusCode)
                : ByStatus(response, wait, "The status is");
        }

        if (!IsJson(response.Content.Headers))
        {
            return ByStatus(response, wait, $"The Content-Type is {response.Content.Headers.ContentType?.MediaType ?? "missing"} and the status");
        }

        if (response.Content.Headers.ContentLength > _options.MaxResponseBytes)
        {
            return new Exchange(FaultClass.TooLarge, $"The answer has {response.Content.Headers.ContentLength} bytes.", response.StatusCode);
        }

        await ReadAsync(response, reading, token).ConfigureAwait(false);
        return new Exchange(FaultClass.None, "", response.StatusCode, wait);
    }

    private async ValueTask ReadAsync(HttpResponseMessage response, Reading reading, CancellationToken token)
    {
        var stream = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
        var pipe = PipeReader.Create(stream, s_pipe);
        try
        {
            var pump = new JsonPump(reading.Sink, _options.MaxDepth, _options.MaxTokenBytes, _options.MaxResponseBytes);
            reading.End = await JsonPump.RunAsync(pump, pipe, token).ConfigureAwait(false);
        }
        finally
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
    }

    // What is no document has the class of its status; with 2xx it is an answer that is none.
    private Exchange ByStatus(HttpResponseMessage response, TimeSpan wait, string what)
    {
        var fault = response.IsSuccessStatusCode ? FaultClass.Protocol : _options.Faults.Classify(new FaultSignal((int)response.StatusCode));
        return new Exchange(fault, $"{what} {(int)response.StatusCode}.", response.StatusCode, wait);
    }

    private bool IsJson(HttpContentHeaders headers)
    {
        if (_options.Forgives(JsonRpcLeniency.AnyContentType))
        {
            return true;
        }

        return headers.ContentType is { MediaType: { } type } value
            && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Equals("application/json-rpc", StringComparison.OrdinalIgnoreCase)
                || type.Equals("application/jsonrequest", StringComparison.OrdinalIgnoreCase))
            && (value.CharSet is null || value.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            && headers.ContentEncoding.Count == 0;
    }
}
