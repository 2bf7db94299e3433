using FsCheck;
using FsCheck.Fluent;
using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Retry;

/// <summary>
/// Attempts that follow one another without a wait stay on the straight line. Whatever the attempts do, such a call ends as the one with a
/// context does, which goes the long way. A failure prints the script and its seed; replay it with <c>Config.WithReplay</c>.
/// </summary>
public sealed class StraightRetryTests : FreshStack
{
    private const int Kinds = 8;
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(6).WithQuietOnSuccess(true);

    [Theory]
    [InlineData("retry")]
    [InlineData("retry with a wait")]
    [InlineData("retry of refusals")]
    [InlineData("timeout, retry, timeout")]
    [InlineData("retry, retry")]
    [InlineData("retry with a budget")]
    [InlineData("retry around a strategy that sees results")]
    [InlineData("no retry")]
    public void WhenACallStaysOnTheStraightLine_ItDoesWhatTheLongWayDoes(string shape) => Check.One(
        s_config, Prop.ForAll(Scripts, script => Run(shape, script, straight: true) == Run(shape, script, straight: false)));

    // Each number is what an attempt does.
    private static Arbitrary<int[]> Scripts => Arb.From(
        Gen.Choose(0, Kinds - 1).ArrayOf(), script => script.Select((_, i) => (int[])[.. script[..i], .. script[(i + 1)..]]));

    private static string Run(string shape, int[] script, bool straight)
    {
        var world = new World(script);
        var pipeline = Build(shape, world);
        var call = straight
            ? pipeline.ExecuteOutcomeAsync(static (w, token) => w.Attempt(token), world, world.Caller.Token)
            : pipeline.ExecuteOutcomeAsync(static (w, context) => w.Attempt(context.CancellationToken), world, null, world.Caller.Token);
        var thrown = straight
            ? Record(() => Build(shape, world.Again()).ExecuteAsync(static (w, token) => w.Attempt(token), world.Second, world.Second.Caller.Token))
            : Record(() => Build(shape, world.Again()).ExecuteAsync(
                static (w, context) => w.Attempt(context.CancellationToken), world.Second, null, world.Second.Caller.Token));
        world.Drive(() => call.IsCompleted);
        world.Second.Drive(() => thrown.IsCompleted);
        var outcome = call.GetAwaiter().GetResult();
        return $"{world} {Of(outcome)} | {world.Second} {thrown.GetAwaiter().GetResult()}";
    }

    private static string Of(Outcome<Response> outcome) =>
        outcome.Rejection is { } rejection ? $"refused: {rejection.Reason}" : outcome.Exception?.GetType().Name ?? outcome.ResultOrDefault!.ToString();

    private static async ValueTask<string> Record(Func<ValueTask<Response>> call)
    {
        try
        {
            return (await call()).ToString();
        }
        catch (RejectedException exception)
        {
            return $"refused: {exception.Rejection.Reason}";
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }

    private static Pipeline<Response> Build(string shape, World world)
    {
        var options = new RetryOptions { MaxRetries = 2, Backoff = Backoff.None, RetryRejections = true };
        var builder = new PipelineBuilder<Response> { TimeProvider = world.Clock }.Classify(rules => rules.OnResult(r => r.IsBad, Verdict.Transient));
        var shaped = shape switch
        {
            "retry" => builder.AddRetry(options with { RetryRejections = false }),
            "retry with a wait" => builder.AddRetry(options with { Backoff = Backoff.Schedule(TimeSpan.Zero, TimeSpan.FromSeconds(1)) }),
            "retry of refusals" => builder.AddRetry(options),
            "timeout, retry, timeout" => builder.AddTimeout(TimeSpan.FromSeconds(9)).AddRetry(options).AddTimeout(TimeSpan.FromSeconds(2)),
            "retry, retry" => builder.AddRetry(options with { MaxRetries = 1 }).AddRetry(options),
            "retry with a budget" => builder.AddRetry(options with { Budget = world.Ledger }),
            "retry around a strategy that sees results" => builder.AddRetry(options).Add(new Seeing(world)),
            _ => builder,
        };
        return shaped.Add(new Gate(world)).Build();
    }

    /// <summary>Refuses where the script says so. Not foreign: the call stays plain.</summary>
    private sealed class Gate(World world) : Strategy("gate")
    {
        protected internal override bool RunsForeignCode => false;

        protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot) =>
            world.Refuses() ? frame.Refuse(this, RejectionReason.LimitReached) : Entry.Go;

        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
        {
            world.Note($"{frame.Attempt}{frame.Reason}{frame.Verdict.Again}");
            return Exit.Continue;
        }
    }

    private sealed class Seeing(World world) : Strategy<Response>("seeing")
    {
        protected internal override bool RunsForeignCode => false;

        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot, ref Outcome<Response> outcome)
        {
            world.Note(Of(outcome));
            return Exit.Continue;
        }
    }

    private sealed class World(int[] script)
    {
        private readonly Queue<int> _script = new(script);
        private readonly List<Response> _responses = [];
        private readonly List<string> _journal = [];
        private TaskCompletionSource<Response>? _pending;
        private bool _failsLater;

        internal CancellationTokenSource Caller { get; } = new();

        internal ManualClock Clock { get; } = new();

        internal Ledger Ledger { get; } = new();

        internal World Second { get; private set; } = null!;

        public override string ToString() =>
            $"{string.Join(' ', _journal)} disposed {string.Join(',', _responses.Select(r => r.Disposed))} {Ledger.Starts}{Ledger.Ends}{Ledger.Outstanding}";

        internal World Again() => Second = new World(script);

        internal void Note(string entry) => _journal.Add(entry);

        internal bool Refuses()
        {
            var refuses = _script.TryPeek(out var next) && next == 7;
            if (refuses)
            {
                _script.Dequeue();
                Note("refused");
            }

            return refuses;
        }

        internal ValueTask<Response> Attempt(CancellationToken token)
        {
            Note("*");
            switch (_script.TryDequeue(out var next) ? next : 0)
            {
                case 1:
                    return new(New(bad: true));
                case 2:
                    throw new IOException();
                case 3:
                    Caller.Cancel();
                    return new(New(bad: true));
                case 4:
                    var response = New(bad: true);
                    response.Throws = true;
                    return new(response);
                case 5 or 6:
                    _failsLater = next == 6;
                    _pending = new();
                    return new(_pending.Task);
                default:
                    return new(New(bad: false));
            }
        }

        internal void Drive(Func<bool> isOver)
        {
            while (!isOver())
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
                if (Interlocked.Exchange(ref _pending, null) is not { } pending)
                {
                    continue;
                }

                if (_failsLater)
                {
                    pending.SetException(new FormatException());
                }
                else
                {
                    pending.SetResult(New(bad: true));
                }
            }
        }

        private Response New(bool bad)
        {
            _responses.Add(new Response(bad));
            return _responses[^1];
        }
    }

    private sealed class Response(bool isBad) : IDisposable
    {
        public int Disposed { get; private set; }

        public bool IsBad => isBad;

        public bool Throws { get; set; }

        public override string ToString() => isBad ? "bad" : "good";

        public void Dispose()
        {
            Disposed++;
            if (Throws)
            {
                throw new NotSupportedException();
            }
        }
    }
}
