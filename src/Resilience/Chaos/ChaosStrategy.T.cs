namespace Resilience;

/// <summary>Injects delays, failures, behaviour and outcomes of one type on the way in.</summary>
internal sealed class ChaosStrategy<T>(ChaosOptions options) : Strategy<T>(options.Name)
{
    private readonly ChaosDice _dice = new(options);

    /// <inheritdoc/>
    public override object Options => options;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => true;

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome)
    {
        var injection = _dice.Roll(ref frame);
        if (injection is not Injections.Ending<T> ending)
        {
            return injection?.Inject(ref frame) ?? Entry.Go;
        }

        outcome = ending.Make(ref frame);
        return Entry.Finish;
    }

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot) => Exit.Continue;
}
