using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Resilience.Arena;

/// <summary>Answers each request as the script, the seed and the clock say.</summary>
internal sealed class UpstreamBehaviour
{
    private const int WarmStuckMs = 1000;

    private static readonly Phase s_warm = new() { Name = "warm-up", Share = 1, MedianMs = 2, P99Ms = 4 };

    private readonly RunPlan _plan;
    private readonly UpstreamLog _log;
    private readonly UpstreamLog _warmLog;
    private readonly IReadOnlyList<PhaseSpan> _spans;
    private readonly byte[] _body = new byte[Payload.Length];
    private long _start = long.MaxValue;

    public UpstreamBehaviour(RunPlan plan, UpstreamLog log)
    {
        _plan = plan;
        _log = log;
        _warmLog = new UpstreamLog(plan);
        _spans = plan.Script.Spans(plan.Seconds);
        _body.AsSpan().Fill((byte)'.');
    }

    public void Start(long at) => Volatile.Write(ref _start, at);

    public async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        try
        {
            await (Paths.TryCall(path, out int call) ? ScriptedAsync(context, call) : WarmAsync(context, path));
        }
        catch (OperationCanceledException)
        {
            // The caller gave up on this attempt.
        }
        catch (IOException)
        {
            // The caller's connection broke while the answer was written.
        }
    }

    private Task ScriptedAsync(HttpContext context, int call)
    {
        double now = Math.Max(0, Stopwatch.GetElapsedTime(Volatile.Read(ref _start), Stopwatch.GetTimestamp()).TotalSeconds);
        return WorkAsync(context, PhaseAt(now), now, call, _log);
    }

    private async Task WorkAsync(HttpContext context, Phase phase, double now, int call, UpstreamLog log)
    {
        int attempt = log.Arrived(now, call, phase.Outage);
        Fate fate = Fate.Of(phase, _plan.Seed, call, attempt);
        if (fate.DelayMs >= 0.5)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(fate.DelayMs), context.RequestAborted);
        }

        log.Answered(now, fate.Kind);
        switch (fate.Kind)
        {
            case FateKind.Reset:
                context.Abort();
                break;
            case FateKind.Error:
                await ErrorAsync(context, phase.Status, phase.RetryAfterSeconds);
                break;
            default:
                await GoodAsync(context);
                break;
        }
    }

    private async Task WarmAsync(HttpContext context, string path)
    {
        switch (path)
        {
            case Paths.WarmGood:
                // By the way that the script takes, which is then compiled when it begins.
                await WorkAsync(context, s_warm, 0, 0, _warmLog);
                break;
            case Paths.WarmError:
                await ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, retryAfterSeconds: 0);
                break;
            case Paths.WarmReset:
                context.Abort();
                break;
            case Paths.WarmStuck:
                await Task.Delay(WarmStuckMs, context.RequestAborted);
                await GoodAsync(context);
                break;
            default:
                await ErrorAsync(context, StatusCodes.Status404NotFound, retryAfterSeconds: null);
                break;
        }
    }

    private async Task GoodAsync(HttpContext context)
    {
        context.Response.ContentLength = _body.Length;
        await context.Response.Body.WriteAsync(_body, context.RequestAborted);
    }

    private static Task ErrorAsync(HttpContext context, int status, int? retryAfterSeconds)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = 0;
        if (retryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return Task.CompletedTask;
    }

    /// <summary>The phase at a second of the script; after the end, the last one goes on.</summary>
    private Phase PhaseAt(double second)
    {
        foreach (PhaseSpan span in _spans)
        {
            if (second < span.End)
            {
                return span.Phase;
            }
        }

        return _spans[^1].Phase;
    }
}
