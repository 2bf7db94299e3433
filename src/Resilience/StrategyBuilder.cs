namespace Resilience;

/// <summary>
/// The strategies of a pipeline to be, outermost first. Each package and each folder adds its own by an extension method that keeps the
/// builder's type; so can a user's.
/// </summary>
/// <remarks>Not safe for concurrent use. Building copies: what is added or set later changes no pipeline built before.</remarks>
public abstract class StrategyBuilder
{
    private readonly List<Func<TimeProvider, IEnumerable<Strategy>>> _parts = [];
    private TimeProvider _timeProvider = TimeProvider.System;
    private PipelineSettings _settings = new();

    private protected StrategyBuilder()
    {
    }

    /// <summary>The name of the pipeline, for descriptions and telemetry.</summary>
    public string? Name { get; set; }

    /// <summary>Where all of the pipeline's time comes from. Default: the system's.</summary>
    public TimeProvider TimeProvider
    {
        get => _timeProvider;
        set => _timeProvider = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>How calls are run.</summary>
    public PipelineSettings Settings
    {
        get => _settings;
        set => _settings = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Adds a strategy inside those added before. The same one may stand in many pipelines, and twice in one.</summary>
    /// <param name="strategy">The strategy.</param>
    public void AddStrategy(Strategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        Accept(strategy);
        _parts.Add(_ => [strategy]);
    }

    /// <summary>Adds a strategy that is made anew by each build, from the pipeline's time provider.</summary>
    /// <param name="factory">Makes the strategy.</param>
    public void AddStrategy(Func<TimeProvider, Strategy> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _parts.Add(time =>
        {
            var strategy = factory(time) ?? throw new InvalidOperationException("A strategy factory returned null.");
            Accept(strategy);
            return [strategy];
        });
    }

    private protected void AddAll(PipelineCore inner, Func<Strategy, Strategy> adapt)
    {
        _parts.Add(time => ReferenceEquals(inner.Clock.Provider, time)
            ? inner.Strategies.Select(adapt)
            : throw new InvalidOperationException(
                $"The pipeline '{inner.Name ?? "unnamed"}' was built with another time provider: composed pipelines share one."));
    }

    private protected abstract void Accept(Strategy strategy);

    private protected PipelineCore BuildCore(ExceptionClassifier exceptions, object? results)
    {
        var strategies = _parts.SelectMany(part => part(TimeProvider)).ToArray();
        if (strategies.Length > PipelineCore.MaxStrategies)
        {
            throw new InvalidOperationException(
                $"The pipeline has {strategies.Length} strategies: it may have 0 to {PipelineCore.MaxStrategies}.");
        }

        if (strategies.FirstOrDefault(s => s.TimeProvider is { } own && !ReferenceEquals(own, TimeProvider)) is { } stray)
        {
            throw new InvalidOperationException(
                $"The strategy '{stray.Name}' was built with another time provider than the pipeline's: give both the same.");
        }

        return new PipelineCore(Name, strategies, exceptions, results, Clock.For(TimeProvider), Settings);
    }
}
