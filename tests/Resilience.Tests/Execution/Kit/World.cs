using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>
/// What the scripts of one call share: the journal of what happened, the caller's token, the clock, and the signals that are still to
/// come. Signals are given one at a time by <see cref="Drive"/>, so that a call runs in one order.
/// </summary>
internal sealed class World
{
    private readonly Queue<Action> _signals = new();
    private readonly List<string> _journal = [];
    private readonly List<Tracked> _results = [];

    public ManualClock Clock { get; } = new();

    public CancellationTokenSource Caller { get; } = new();

    /// <summary>Attempt numbers start anew inside a wrapping strategy; then the journal does without.</summary>
    public bool ShowsAttempts { get; init; } = true;

    public string Journal
    {
        get
        {
            lock (_journal)
            {
                return string.Join(' ', _journal);
            }
        }
    }

    public IReadOnlyList<Tracked> Results => _results;

    public void Note(string entry)
    {
        lock (_journal)
        {
            _journal.Add(entry);
        }
    }

    public void Note(string entry, ref CallFrame frame, bool withVerdict = false) =>
        Note(entry + (withVerdict ? Text(frame.Verdict) : "") + (ShowsAttempts ? $"#{frame.Attempt}" : ""));

    public Tracked NewResult(string name)
    {
        var result = new Tracked(name);
        lock (_results)
        {
            _results.Add(result);
        }

        return result;
    }

    /// <summary>A signal that is given later: it cancels the caller first, or fails, if told so.</summary>
    public Task Signal(bool cancels = false, Exception? fails = null)
    {
        var signal = new TaskCompletionSource();
        lock (_signals)
        {
            _signals.Enqueue(() =>
            {
                if (cancels)
                {
                    Caller.Cancel();
                }

                if (fails is not null)
                {
                    signal.SetException(fails);
                }
                else
                {
                    signal.SetResult();
                }
            });
        }

        return signal.Task;
    }

    /// <summary>Gives every signal and lets every wait pass until the call has ended.</summary>
    public void Drive(Task call)
    {
        var idle = 0;
        while (!call.IsCompleted)
        {
            Action? signal;
            lock (_signals)
            {
                _signals.TryDequeue(out signal);
            }

            if (signal is not null)
            {
                signal();
            }
            else if (Clock.ActiveTimers > 0)
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
            }
            else
            {
                // The call goes on elsewhere for a moment, or hangs.
                ((IAsyncResult)call).AsyncWaitHandle.WaitOne(1);
                Assert.True(++idle < 20_000, $"The call hangs: {Journal}");
            }
        }
    }

    internal static string Text(Verdict verdict) => verdict == Verdict.Success ? "S"
        : verdict == Verdict.Transient ? "T"
        : verdict == Verdict.Ignored ? "I"
        : verdict == Verdict.Throttled(TimeSpan.Zero) ? "R"
        : verdict.ToString();
}
