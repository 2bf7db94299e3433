namespace Resilience;

/// <summary>The same time for every call.</summary>
internal sealed class ConstantTimeout(TimeSpan timeout) : TimeoutSource
{
    /// <inheritdoc/>
    internal override bool NeedsFineClock => timeout.Ticks < Clock.FineBelow;

    /// <inheritdoc/>
    internal override TimeSpan Next(TimeoutRequest request) => timeout;
}
