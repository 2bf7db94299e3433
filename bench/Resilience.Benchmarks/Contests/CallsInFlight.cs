using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Resilience.Benchmarks;

/// <summary>Calls under a timeout whose callee waits for its token, until they time out or are let go.</summary>
[SuppressMessage("Usage", "VSTHRD002", Justification = "The row waits for the calls that it has let go.")]
internal sealed class CallsInFlight : IDisposable
{
    private readonly Call[] _calls;

    /// <summary>Starts <paramref name="count"/> calls.</summary>
    /// <param name="count">How many.</param>
    /// <param name="timeout">The timeout of each, by its number.</param>
    public CallsInFlight(int count, Func<int, TimeSpan> timeout) => _calls = [.. Enumerable.Range(0, count).Select(i => new Call(timeout(i)))];

    /// <summary>By how much each timeout was late, in order, when all have fired.</summary>
    public double[] LatenessInMilliseconds()
    {
        foreach (var call in _calls)
        {
            call.TimedOut.GetAwaiter().GetResult();
        }

        return [.. _calls.Select(call => call.Lateness.TotalMilliseconds).Order()];
    }

    public void Dispose()
    {
        foreach (var call in _calls)
        {
            call.Dispose();
        }
    }

    private sealed class Call : IDisposable
    {
        private readonly TaskCompletionSource<Reply> _callee = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _timedOut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly TimeSpan _timeout;
        private readonly Task<Outcome<Reply>> _call;

        public Call(TimeSpan timeout)
        {
            _timeout = timeout;
            var pipeline = new PipelineBuilder<Reply>().AddTimeout(timeout).Build();
            _call = pipeline.ExecuteOutcomeAsync(static (call, token) => call.Start(token), this).AsTask();
        }

        public Task TimedOut => _timedOut.Task;

        public TimeSpan Lateness { get; private set; }

        public void Dispose()
        {
            _callee.TrySetResult(Reply.For(0));
            _call.GetAwaiter().GetResult();
        }

        private ValueTask<Reply> Start(CancellationToken token)
        {
            token.UnsafeRegister(static state => ((Call)state!).OnCancelled(), this);
            return new ValueTask<Reply>(_callee.Task);
        }

        private void OnCancelled()
        {
            Lateness = Stopwatch.GetElapsedTime(_start) - _timeout;
            _callee.TrySetCanceled();
            _timedOut.SetResult();
        }
    }
}
