namespace Resilience;

/// <summary>Injects delays, failures and behaviour on the way in.</summary>
internal sealed class ChaosStrategy(ChaosOptions options) : Strategy(options.Name)
{
    private readonly ChaosDice _dice = new(options);

    /// <inheritdoc/>
    public override object Options => options;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => _dice.IsForeign;

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot) => _dice.Roll(ref frame)?.Inject(ref frame) ?? Entry.Go;
}
