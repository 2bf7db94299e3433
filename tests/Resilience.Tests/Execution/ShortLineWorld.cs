using System.Text;
using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>
/// A pipeline of strategies that a good call need not ask, made of a few numbers, with a journal of all that can be seen from outside. With a
/// layer that does nothing but must be asked the same pipeline takes the straight line instead of the short one.
/// </summary>
internal sealed class ShortLineWorld
{
    private static readonly InvalidOperationException s_failure = new("failed");
    private readonly StringBuilder _journal = new();
    private readonly ManualClock _clock = new();
    private readonly CancellationTokenSource _caller = new();
    private readonly CircuitBreaker _breaker;
    private readonly Pipeline<object> _pipeline;
    private readonly List<Tracked> _tracked = [];
    private readonly Queue<int> _ends;
    private ManualSource<object>? _pending;

    internal ShortLineWorld(int[] numbers, bool straight)
    {
        _ends = new Queue<int>(numbers.Skip(2));
        var shape = numbers.ElementAtOrDefault(0);
        var times = numbers.ElementAtOrDefault(1);
        _breaker = new CircuitBreaker(
            new CircuitBreakerOptions
            {
                FailureRatio = 0.5,
                MinimumCalls = 2 + (shape & 1),
                Window = (shape & 2) == 0 ? CircuitWindow.Calls(4) : CircuitWindow.Time(TimeSpan.FromSeconds(30)),
                BreakDuration = TimeSpan.FromSeconds(20),
            },
            _clock);
        var rules = new OutcomeRules<object>()
            .OnResult(Throws, Verdict.Permanent)
            .OnResult(static x => x is "bad" or Tracked, Verdict.Transient)
            .OnResult(static x => x is "permanent", Verdict.Permanent)
            .OnResult(static x => x is "later", Verdict.Throttled(TimeSpan.Zero));
        var builder = new PipelineBuilder<object> { TimeProvider = _clock };
        if ((shape & 4) != 0)
        {
            builder.AddFallback(Fallback.Value<object>("stand-in"));
        }

        if ((times & 1) != 0)
        {
            builder.AddTimeout(new TimeoutOptions { Timeout = TimeSpan.FromSeconds(20), Name = "whole" });
        }

        if ((shape & 8) != 0)
        {
            builder.AddCircuitBreaker(_breaker);
        }

        if ((shape & 16) != 0)
        {
            builder.AddRetry(Retry(shape >> 6));
        }

        if ((shape & 32) != 0 && (shape & 8) == 0)
        {
            builder.AddCircuitBreaker(_breaker);
        }

        if ((times & 2) != 0)
        {
            builder.AddTimeout(new TimeoutOptions { Timeout = TimeSpan.FromSeconds((times & 4) == 0 ? 10 : 20), Name = "attempt" });
        }

        if (straight)
        {
            builder.Add(new Probe { IsForeign = false });
        }

        _pipeline = ((shape & 1024) != 0 ? builder : builder.Classify(rules)).Build();
        IsShort = _pipeline.Core.IsShort;
    }

    internal bool IsShort { get; }

    /// <summary>Makes calls until the numbers are used up, and tells what happened.</summary>
    internal string Run(int form)
    {
        // Each call takes a number for itself, for it may be refused.
        while (_ends.TryDequeue(out var number))
        {
            _clock.Advance(TimeSpan.FromSeconds(number & 7));
            Call(form);
            var seen = _breaker.Snapshot;
            _journal.AppendLine($" | {seen.State} {seen.Calls}/{seen.Failures} rejected {seen.Rejected} stale {seen.Stale}");
        }

        _journal.Append(string.Join(',', _tracked.Select(t => t.Disposals)));
        return _journal.ToString();
    }

    private RetryOptions Retry(int shape) => new()
    {
        MaxRetries = 1 + (shape & 3),
        Backoff = (shape & 4) == 0 ? Backoff.None : Backoff.Constant(TimeSpan.FromSeconds(1)),
        RetryRejections = (shape & 8) != 0,
        OnRetry = (shape & 3) != 3 ? null : e =>
        {
            _journal.Append($" retry[{e.Attempt} {e.Verdict.Health}]");
            return ValueTask.CompletedTask;
        },
        OnGiveUp = (shape & 3) != 2 ? null : e => _journal.Append($" gave up[{e.Attempt} {e.Reason}]"),
    };

    private bool Throws(object result)
    {
        _journal.Append($" ?{(result is Tracked t ? t.Name : result)}");
        return result is "rule throws" ? throw new NotSupportedException("rule") : false;
    }

    private void Call(int form)
    {
        var token = (form & 4) == 0 ? CancellationToken.None : _caller.Token;
        try
        {
            Outcome<object> outcome;
            switch (form & 3)
            {
                case 0:
                    outcome = Outcome.FromResult(End(_pipeline.ExecuteAsync(static (world, t) => world.Next(t), this, token)));
                    break;
                case 1:
                    outcome = End(_pipeline.ExecuteOutcomeAsync(static (world, t) => world.Next(t), this, token));
                    break;
                case 2:
                    outcome = End(_pipeline.ExecuteOutcomeAsync(static (world, t) => world.NextOutcome(t), this, token));
                    break;
                default:
                    outcome = Outcome.FromResult(End(_pipeline.ExecuteAsync(Next, token)));
                    break;
            }

            _journal.Append($" = {outcome}");
        }
        catch (Exception exception)
        {
            _journal.Append($" ! {exception.GetType().Name} {exception.Message}");
        }
    }

    private T End<T>(ValueTask<T> call)
    {
        var task = call.AsTask();
        for (var i = 0; !task.IsCompleted; i++)
        {
            Assert.True(i < 10_000, "The call hangs.");
            Interlocked.Exchange(ref _pending, null)?.Complete(Result(_ends.TryDequeue(out var end) ? end : 0));
            _clock.Advance(TimeSpan.FromSeconds(1));
            if (i == 40)
            {
                _caller.Cancel();
            }

            Task.WhenAny(task, Task.Delay(1)).Wait();
        }

        return task.GetAwaiter().GetResult();
    }

    private object Result(int end)
    {
        switch (end & 7)
        {
            case 1:
                return "bad";
            case 2:
                return "permanent";
            case 3:
                _tracked.Add(new Tracked("tracked"));
                return _tracked[^1];
            case 4:
                return "rule throws";
            case 5:
                return "later";
            default:
                return "good";
        }
    }

    private ValueTask<object> Next(CancellationToken token)
    {
        var end = _ends.TryDequeue(out var next) ? next : 0;
        _journal.Append($" >{end & 31}{(token.IsCancellationRequested ? "c" : "")}");
        switch (end & 31)
        {
            case < 16:
                return new ValueTask<object>(Result(end));
            case 16:
                throw s_failure;
            case 17:
                return ValueTask.FromException<object>(s_failure);
            case 18:
                throw new TimeoutException("callee's");
            case 19:
                _caller.Cancel();
                throw new OperationCanceledException(token);
            case 20:
                _caller.Cancel();
                return new ValueTask<object>("bad");
            case 21:
                _breaker.Isolate();
                return new ValueTask<object>("good");
            case 22:
                _breaker.Reset();
                return new ValueTask<object>("bad");
            case 23:
                _clock.Advance(TimeSpan.FromSeconds(25));
                return new ValueTask<object>("good");
            case 24:
                var ended = new ManualSource<object>();
                ended.Complete(Result(end >> 5));
                return ended.Task;
            case 25:
                return new ValueTask<object>(Task.FromResult(Result(end >> 5)));
            case 26:
                _clock.Advance(TimeSpan.FromSeconds(12));
                _journal.Append($" +12{(token.IsCancellationRequested ? "c" : "")}");
                throw new OperationCanceledException(token);
            case 27:
                _clock.Advance(TimeSpan.FromSeconds(12));
                return new ValueTask<object>("bad");
            case 28 when token.CanBeCanceled:
                return new ValueTask<object>(UntilCancelledAsync(token));
            default:
                _pending = new ManualSource<object>();
                return _pending.Task;
        }
    }

    private static async Task<object> UntilCancelledAsync(CancellationToken token)
    {
        var never = new TaskCompletionSource<object>();
        await using var registration = token.Register(() => never.TrySetCanceled(token)).ConfigureAwait(false);
        return await never.Task.ConfigureAwait(false);
    }

    private ValueTask<Outcome<object>> NextOutcome(CancellationToken token)
    {
        try
        {
            var next = Next(token);
            return next.IsCompleted
                ? new ValueTask<Outcome<object>>(Outcome.FromResult(next.GetAwaiter().GetResult()))
                : Await(next);
        }
        catch (Exception exception) when (exception != s_failure || (_ends.Count & 1) == 0)
        {
            return new ValueTask<Outcome<object>>(Outcome.FromException<object>(exception));
        }

        static async ValueTask<Outcome<object>> Await(ValueTask<object> task) => Outcome.FromResult(await task.ConfigureAwait(false));
    }
}
