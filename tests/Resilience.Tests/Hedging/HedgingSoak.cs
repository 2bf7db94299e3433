using Resilience.Tests.Execution;

namespace Resilience.Tests.Hedging;

/// <summary>Hedged calls whose attempts end, fail, hang, ignore their tokens or are cancelled by a dice, with everything counted.</summary>
internal sealed class HedgingSoak
{
    private readonly Pipeline<Answer> _pipeline;
    private int _started;
    private int _ended;
    private int _made;
    private int _disposed;
    private int _permits;
    private int _permitsBack;

    internal HedgingSoak(HedgeDelay delay, bool isInnermost)
    {
        var gate = new Gate(this);
        var options = new HedgingOptions
        {
            MaxAttempts = delay == HedgeDelay.Parallel ? 2 : 4,
            Delay = delay,
            Budget = Budget,
            Counters = Counters,
            MaxInFlightLosers = 100_000,
        };
        var builder = new PipelineBuilder<Answer>().AddTimeout(TimeSpan.FromMilliseconds(200)).AddRetry(new RetryOptions { MaxRetries = 1, Backoff = Backoff.None });
        _pipeline = isInnermost ? builder.Add(gate).AddHedging(options).Build() : builder.AddHedging(options).Add(gate).Build();
    }

    internal InFlightBudget Budget { get; } = new(new InFlightBudgetOptions { Share = 1, Minimum = 1_000 });

    internal HedgingCounters Counters { get; } = new();

    internal string? Failure { get; private set; }

    internal int Started => Volatile.Read(ref _started);

    internal int Ended => Volatile.Read(ref _ended);

    internal int Permits => Volatile.Read(ref _permits);

    internal int PermitsBack => Volatile.Read(ref _permitsBack);

    internal int Undisposed => Volatile.Read(ref _made) - Volatile.Read(ref _disposed);

    internal bool IsQuiet => Started == Ended && Counters.InFlightLosers == 0 && Undisposed == 0 && Permits == PermitsBack && Budget.Calls == 0;

    public override string ToString() =>
        $"{Started:N0} attempts, {Ended:N0} ended, {Permits:N0} permits, {PermitsBack:N0} back, {Undisposed} undisposed; {Counters}";

    internal void Run(int seed, int calls)
    {
        var random = new Random(seed);
        for (var i = 0; i < calls; i++)
        {
            using var caller = new CancellationTokenSource();
            var call = _pipeline.ExecuteOutcomeAsync(static (s, token) => s.Soak.AttemptAsync(s.Seed, token), (Soak: this, Seed: random.Next()), caller.Token).AsTask();
            if (random.Next(10) == 0)
            {
                Thread.SpinWait(random.Next(5_000));
                caller.Cancel();
            }

            var outcome = call.Result;
            if (outcome.ResultOrDefault is { } result)
            {
                if (result.Disposals != 0)
                {
                    Failure ??= "A result that was returned had been disposed.";
                }

                result.Dispose();
            }
            else if (outcome.Exception is not (ScriptedException or OperationCanceledException or TimeoutRejectedException))
            {
                Failure ??= $"A call ended with {outcome}.";
            }
        }
    }

    private async ValueTask<Answer> AttemptAsync(int seed, CancellationToken token)
    {
        var number = Interlocked.Increment(ref _started);
        try
        {
            switch ((seed ^ (number * 0x9E37_79B1)) & 15)
            {
                case 0:
                    throw new ScriptedException("at once");
                case 1:
                    break;
                case 2:
                    await Task.Yield();
                    throw new ScriptedException("late");
                case 3:
                    await Task.Delay(2, CancellationToken.None);
                    break;
                case 4:
                    await Task.Delay(Timeout.InfiniteTimeSpan, token);
                    break;
                case 5:
                    // About when the delay is over.
                    await Task.Delay(1, CancellationToken.None);
                    break;
                case 6:
                    await Task.Delay(1, CancellationToken.None);
                    throw new ScriptedException("as the delay is over");
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

    /// <summary>A result that counts its disposal.</summary>
    internal sealed class Answer(HedgingSoak soak) : IDisposable
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

    /// <summary>Hands out a permit an attempt, or a call, and takes it back.</summary>
    private sealed class Gate(HedgingSoak soak) : Strategy("gate")
    {
        protected internal override bool RunsForeignCode => false;

        protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
        {
            Interlocked.Increment(ref soak._permits);
            return Entry.Go;
        }

        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
        {
            Interlocked.Increment(ref soak._permitsBack);
            return Exit.Continue;
        }
    }
}
