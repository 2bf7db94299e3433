namespace Resilience.Tests.Execution;

/// <summary>
/// What a call must do, by plain recursion: a layer calls the one inside it. Knows nothing of frames, phases or suspension; only that time
/// passes, signals come, and who has cancelled.
/// </summary>
internal sealed class PipelineModel(PipelineCase testCase)
{
    private readonly List<string> _journal = [];
    private readonly Queue<Does> _callback = new(testCase.Callback);
    private readonly ModelLayer[] _layers = [.. testCase.Layers.Select(layer => new ModelLayer(layer))];
    private readonly bool _showsAttempts = testCase.Layers.All(layer => layer.Kind != LayerKind.Wrapping);
    private bool _stopped;
    private bool _cancelled = testCase.CancelBefore;
    private int _starts;
    private int _attempt;

    internal string Journal => string.Join(' ', _journal);


    private bool IsSynchronous => Edges.IsSynchronous(testCase.Edge);

    internal string Run() => (_cancelled ? Stop() : Run(0)).Text;

    private ModelOutcome Run(int position)
    {
        if (position == _layers.Length)
        {
            return Call();
        }

        var layer = _layers[position];
        return layer.Kind == LayerKind.Wrapping ? RunWrapped(position, layer) : RunAround(position, layer);
    }

    private ModelOutcome RunAround(int position, ModelLayer layer)
    {
        if (Enter(position, layer) is { } turned)
        {
            return turned;
        }

        for (var inner = _cancelled && layer.WaitedForSignal ? Stop() : Run(position + 1); ;)
        {
            var (again, outcome) = Leave(position, layer, inner);
            if (!again)
            {
                return outcome;
            }

            _attempt = _starts;
            _stopped = false;
            inner = _cancelled ? Stop() : Run(position + 1);
        }
    }

    // Null when the call goes on inward.
    private ModelOutcome? Enter(int position, ModelLayer layer)
    {
        layer.WaitedForSignal = false;
        for (var answer = layer.Next(layer.Enter, In.Go); ; answer = layer.Next(layer.ResumeEnter, In.Go))
        {
            switch (answer)
            {
                case In.Refuse:
                    return new($"refused by s{position}", "R");
                case In.Fail:
                    return new($"in {position}", "T");
                case In.FinishWithResult when layer.Kind == LayerKind.Typed:
                    return new($"in {position}", "S");
                case In.Throw:
                    return new($"in {position}", "I");
                case In.WaitForTime when _cancelled:
                    return Stop();
                case In.WaitForSignal or In.WaitForFailure or In.WaitForCancellation when IsSynchronous:
                    return new(Ended.Unwaitable, "I");
                case In.WaitForFailure:
                    return new($"wait {position}", "I");
                case In.WaitForTime or In.WaitForNothing or In.WaitForSignal or In.WaitForCancellation:
                    _cancelled |= answer == In.WaitForCancellation;
                    layer.WaitedForSignal = true;
                    continue;
            }

            Note($"+{position}");
            return null;
        }
    }

    private (bool Again, ModelOutcome Outcome) Leave(int position, ModelLayer layer, ModelOutcome outcome)
    {
        for (var answer = layer.Next(layer.Leave, Out.Continue); ; answer = layer.Next(layer.ResumeLeave, Out.Continue))
        {
            switch (answer)
            {
                case Out.Again or Out.AgainLater when !(_stopped && _cancelled):
                    Note($"~{position}{outcome.Verdict}");
                    return (true, outcome);
                case Out.WaitForSignal or Out.WaitForFailure or Out.WaitForCancellation when IsSynchronous:
                    Note($"-{position}{outcome.Verdict}");
                    return (false, new(Ended.Unwaitable, "I"));
                case Out.WaitForFailure:
                    Note($"-{position}{outcome.Verdict}");
                    return (false, new($"wait {position}", "I"));
                case Out.WaitForTime or Out.WaitForNothing or Out.WaitForSignal or Out.WaitForCancellation:
                    _cancelled |= answer == Out.WaitForCancellation;
                    continue;
            }

            Note($"-{position}{outcome.Verdict}");
            return (false, answer switch
            {
                Out.Fail => new($"out {position}", "T"),
                Out.ReplaceByResult when layer.Kind == LayerKind.Typed => new($"out {position}", "S"),
                Out.Throw => new($"out {position}", "I"),
                _ => outcome,
            });
        }
    }

    private ModelOutcome RunWrapped(int position, ModelLayer layer)
    {
        Note($"({position}");
        var how = layer.Next(layer.Wraps, Wrap.Pass);
        if (how is Wrap.RunTwice or Wrap.ThrowAfterwards)
        {
            RunChild(position);
        }

        var outcome = how switch
        {
            Wrap.Skip => new($"skip {position}", "T"),
            Wrap.ThrowAtOnce or Wrap.ThrowAfterwards => new($"wrap {position}", "T"),
            _ => RunChild(position),
        };
        Note($"){position}");
        return _cancelled && outcome.Verdict != "S" ? outcome with { Verdict = "I" } : outcome;
    }

    private ModelOutcome RunChild(int position)
    {
        var outcome = _cancelled ? Stop() : Run(position + 1);
        _stopped = false;
        return outcome;
    }

    // The attempt ends before its callback starts. Whoever then asks for another while nothing has changed is not heard.
    private ModelOutcome Stop()
    {
        _stopped = true;
        return new(Ended.Cancelled, "I");
    }

    private ModelOutcome Call()
    {
        _starts++;
        _journal.Add("*");
        var act = _callback.TryDequeue(out var next) ? next : Does.CompleteAtOnce;
        _cancelled |= act is Does.CompleteThoughCancelled or Does.CancelAtOnce or Does.CancelLater;
        return act switch
        {
            Does.ThrowAtOnce or Does.ThrowLater => new("callback", _cancelled ? "I" : "T"),
            Does.CancelAtOnce or Does.CancelLater => new(Ended.Cancelled, "I"),
            _ => new("callback", "S"),
        };
    }

    private void Note(string entry) => _journal.Add(_showsAttempts && entry[0] is '+' or '-' or '~' ? $"{entry}#{_attempt}" : entry);
}
