namespace Resilience;

/// <summary>Chaos that is switched off: it does nothing, and says so.</summary>
internal sealed class DormantChaos(ChaosOptions options) : Strategy(options.Name)
{
    /// <inheritdoc/>
    public override object Options => options;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => false;

    /// <inheritdoc/>
    public override string ToString() => options.Activation == ChaosActivation.Never
        ? $"{Name}: off, by its options"
        : $"{Name}: off, since {ChaosOptions.EnvironmentVariable} was not 1 when the pipeline was built";
}
