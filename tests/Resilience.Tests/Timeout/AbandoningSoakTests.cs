using Resilience.Tests.Execution;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Timeouts;

/// <summary>
/// Four threads of calls that are given up at a deadline on the real clock, whose callees end in time, late, by failing, or heed their
/// token, and whose callers cancel: whatever is started ends, is observed, and leaves nothing.
/// </summary>
[Collection(Allocations.Alone)]
public sealed class AbandoningSoakTests : FreshStack
{
    private const int Threads = 4;
    private const int CallsAThread = 5_000;
    private readonly AbandonedCalls _abandoned = new();
    private readonly Pipeline<Answer> _pipeline;
    private int _started;
    private int _ended;
    private int _made;
    private int _disposed;
    private int _permits;
    private string? _failure;
    private int _timeouts;
    private int _cancellations;

    public AbandoningSoakTests() => _pipeline = new PipelineBuilder<Answer>()
        .AddTimeout(new TimeoutOptions { Timeout = TimeSpan.FromMilliseconds(2), Abandoned = _abandoned })
        .Add(new Gate(this))
        .Build();

    [Fact]
    public void WhenFourThreadsAbandonCalls_StartedIsFinishedAndAbandonedAndObserved()
    {
        // What earlier tests have left is told before it counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var unobserved = 0;
        void Count(object? sender, UnobservedTaskExceptionEventArgs e) => Interlocked.Increment(ref unobserved);
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            var threads = Enumerable.Range(0, Threads).Select(seed => new Thread(() => Run(seed))).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            Assert.True(SpinWait.SpinUntil(IsQuiet, TimeSpan.FromSeconds(60)), ToString());
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            Suite.Report("abandoning: soak", ToString());
            Assert.Null(_failure);
            Assert.Equal(0, unobserved);
            Assert.Equal((_started, _made, 0), (_ended, _disposed, _permits));
            Assert.Equal((_abandoned.Count, 0L), (_abandoned.Ended, _abandoned.Running));
            Assert.InRange(_abandoned.Count, 1, _timeouts + _cancellations);
            Assert.True(_timeouts > 0 && _cancellations > 0, ToString());
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }
    }

    public override string ToString() =>
        $"{_started:N0} callees, {_ended:N0} ended, {_made - _disposed} undisposed, {_permits} permits out, {_timeouts:N0} timeouts, {_cancellations:N0} cancelled; {_abandoned}";

    private bool IsQuiet() => Volatile.Read(ref _started) == Volatile.Read(ref _ended) && Volatile.Read(ref _made) == Volatile.Read(ref _disposed)
        && Volatile.Read(ref _permits) == 0 && _abandoned.Running == 0 && Clock.System.Sweeper.Armed == 0;

    private void Run(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < CallsAThread; i++)
        {
            using var caller = new CancellationTokenSource();
            var call = _pipeline.ExecuteOutcomeAsync(
                static (s, token) => s.Soak.CalleeAsync(s.Dice, token), (Soak: this, Dice: random.Next(100)), caller.Token).AsTask();
            if (random.Next(8) == 0)
            {
                Thread.SpinWait(random.Next(5_000));
                caller.Cancel();
            }

            Take(call.Result);
        }
    }

    private void Take(Outcome<Answer> outcome)
    {
        switch (outcome)
        {
            case { ResultOrDefault: { } result }:
                _failure = result.Disposals == 0 ? _failure : "A result that was returned had been disposed.";
                result.Dispose();
                break;
            case { Exception: TimeoutRejectedException }:
                Interlocked.Increment(ref _timeouts);
                break;
            case { Exception: OperationCanceledException }:
                Interlocked.Increment(ref _cancellations);
                break;
            case { Exception: not ScriptedException }:
                _failure = $"A call ended with {outcome}.";
                break;
        }
    }

    private async ValueTask<Answer> CalleeAsync(int dice, CancellationToken token)
    {
        Interlocked.Increment(ref _started);
        try
        {
            switch (dice)
            {
                case < 5:
                    throw new ScriptedException("at once");
                case < 20:
                    break;
                case < 30:
                    await Task.Delay(3, CancellationToken.None);
                    throw new ScriptedException("late");
                case < 45:
                    await Task.Delay(2, CancellationToken.None);
                    break;
                case < 55:
                    await Task.Delay(Timeout.InfiniteTimeSpan, token);
                    break;
                default:
                    await Task.Yield();
                    break;
            }

            Interlocked.Increment(ref _made);
            return new Answer(this);
        }
        finally
        {
            Interlocked.Increment(ref _ended);
        }
    }

    private sealed class Answer(AbandoningSoakTests soak) : IDisposable
    {
        private int _disposals;

        public int Disposals => Volatile.Read(ref _disposals);

        public void Dispose()
        {
            if (Interlocked.Increment(ref _disposals) == 1)
            {
                Interlocked.Increment(ref soak._disposed);
            }
        }
    }

    /// <summary>Hands out a permit a callee, and takes it back.</summary>
    private sealed class Gate(AbandoningSoakTests soak) : Strategy("gate")
    {
        protected internal override bool RunsForeignCode => false;

        protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
        {
            Interlocked.Increment(ref soak._permits);
            return Entry.Go;
        }

        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
        {
            Interlocked.Decrement(ref soak._permits);
            return Exit.Continue;
        }
    }
}
