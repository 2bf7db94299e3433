namespace Resilience;

/// <summary>Decides which attempt gets which injection. Safe for concurrent use; allocates nothing.</summary>
internal sealed class ChaosDice(ChaosOptions options)
{
    private readonly RandomSource _random = options.Seed is { } seed ? RandomSource.Seeded(seed) : RandomSource.PerThread;

    internal bool IsForeign =>
        options.RateGenerator is not null || options.EnabledGenerator is not null || options.Injection.IsForeign;

    /// <summary>One draw an attempt that is enabled, and another where weights choose; null for no injection.</summary>
    internal ChaosInjection? Roll(ref CallFrame frame)
    {
        if (options.EnabledGenerator is { } enabled && !enabled(new ChaosCall(ref frame)))
        {
            return null;
        }

        var rate = options.RateGenerator is { } generator ? generator(new ChaosCall(ref frame)) : options.Rate;
        return _random.NextDouble() < rate ? options.Injection.Pick(ref frame, _random) : null;
    }
}
