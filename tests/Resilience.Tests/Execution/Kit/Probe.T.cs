namespace Resilience.Tests.Execution;

/// <summary>A strategy made of lambdas that sees results.</summary>
internal sealed class Probe<T>(string name = "probe") : Strategy<T>(name)
{
    internal delegate TAnswer Answer<TAnswer>(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome);

    internal Answer<Entry>? Enters { get; init; }

    internal Answer<Exit>? Leaves { get; init; }

    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome) =>
        Enters?.Invoke(ref frame, ref slot, ref outcome) ?? Entry.Go;

    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome) =>
        Leaves?.Invoke(ref frame, ref slot, ref outcome) ?? Exit.Continue;
}
