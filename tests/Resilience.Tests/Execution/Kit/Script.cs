namespace Resilience.Tests.Execution;

/// <summary>The answers of one strategy, in their order; when they run out it goes, and continues.</summary>
internal sealed class Script(World world, int position)
{
    private readonly Queue<In> _in = new();
    private readonly Queue<In> _resumedIn = new();
    private readonly Queue<Out> _out = new();
    private readonly Queue<Out> _resumedOut = new();

    public int Position => position;

    public Script OnEnter(params IEnumerable<In> answers) => Fill(_in, answers);

    public Script OnResumeEnter(params IEnumerable<In> answers) => Fill(_resumedIn, answers);

    public Script OnLeave(params IEnumerable<Out> answers) => Fill(_out, answers);

    public Script OnResumeLeave(params IEnumerable<Out> answers) => Fill(_resumedOut, answers);

    /// <summary>"+" notes that the strategy counts as entered from now on.</summary>
    public Entry Enter(ref CallFrame frame, Strategy self, bool resumed, ref Outcome<Tracked> outcome)
    {
        var answer = (resumed ? _resumedIn : _in).TryDequeue(out var next) ? next : In.Go;
        switch (answer)
        {
            case In.Refuse:
                return frame.Refuse(self, RejectionReason.Refused);
            case In.Fail:
                frame.Fail(new ScriptedException($"in {position}"));
                return Entry.Finish;
            case In.FinishWithResult when self is Strategy<Tracked>:
                outcome = Outcome.FromResult(world.NewResult($"in {position}"));
                return Entry.Finish;
            case In.Throw:
                throw new ScriptedException($"in {position}");
            case In.WaitForTime:
                frame.WaitFor(TimeSpan.FromSeconds(1));
                return Entry.Wait;
            case In.WaitForNothing or In.WaitForSignal or In.WaitForFailure or In.WaitForCancellation:
                frame.WaitFor(Signal(answer.ToString(), frame.IsSynchronous));
                return Entry.Wait;
            default:
                world.Note($"+{position}", ref frame);
                return Entry.Go;
        }
    }

    /// <summary>"-" notes that the strategy has been left for good, "~" that it stays entered.</summary>
    public Exit Leave(ref CallFrame frame, Strategy self, bool resumed, ref Outcome<Tracked> outcome)
    {
        var answer = (resumed ? _resumedOut : _out).TryDequeue(out var next) ? next : Out.Continue;
        switch (answer)
        {
            case Out.Again or Out.AgainLater when !Settlement.IsStillStopped(ref frame):
                world.Note($"~{position}", ref frame, withVerdict: true);
                frame.Delay = answer == Out.AgainLater ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;
                return Exit.Again;
            case Out.WaitForTime:
                frame.WaitFor(TimeSpan.FromSeconds(1));
                return Exit.Wait;
            case Out.WaitForNothing or Out.WaitForSignal or Out.WaitForFailure or Out.WaitForCancellation:
                var signal = Signal(answer.ToString(), frame.IsSynchronous);
                if (answer == Out.WaitForFailure || (frame.IsSynchronous && !signal.IsCompleted))
                {
                    world.Note($"-{position}", ref frame, withVerdict: true);
                }

                frame.WaitFor(signal);
                return Exit.Wait;
        }

        world.Note($"-{position}", ref frame, withVerdict: true);
        switch (answer)
        {
            case Out.Again or Out.AgainLater:
                return Exit.Again;
            case Out.Fail:
                frame.Fail(new ScriptedException($"out {position}"));
                return Exit.Replace;
            case Out.ReplaceByResult when self is Strategy<Tracked>:
                outcome = Outcome.FromResult(world.NewResult($"out {position}"));
                return Exit.Replace;
            case Out.Throw:
                throw new ScriptedException($"out {position}");
            default:
                return Exit.Continue;
        }
    }

    private Script Fill<T>(Queue<T> queue, IEnumerable<T> answers)
    {
        foreach (var answer in answers)
        {
            queue.Enqueue(answer);
        }

        return this;
    }

    // A synchronous call fails before any signal comes.
    private ValueTask Signal(string kind, bool never) => kind switch
    {
        nameof(In.WaitForNothing) => default,
        _ when never => new(new TaskCompletionSource().Task),
        nameof(In.WaitForFailure) => new(world.Signal(fails: new ScriptedException($"wait {position}"))),
        nameof(In.WaitForCancellation) => new(world.Signal(cancels: true)),
        _ => new(world.Signal()),
    };
}
