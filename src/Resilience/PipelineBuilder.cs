namespace Resilience;

/// <summary>Builds a <see cref="Pipeline"/> for any type of result.</summary>
/// <remarks>Not safe for concurrent use. Building copies: what is added or set later changes no pipeline built before.</remarks>
public sealed class PipelineBuilder : StrategyBuilder
{
    private ExceptionClassifier? _classifier;

    /// <summary>Adds a strategy inside those added before.</summary>
    /// <param name="strategy">The strategy; one that sees results needs a <see cref="PipelineBuilder{T}"/>.</param>
    public PipelineBuilder Add(Strategy strategy)
    {
        AddStrategy(strategy);
        return this;
    }

    /// <summary>Adds the strategies of a pipeline inside those added before. They keep its classifier if it was given one.</summary>
    /// <param name="pipeline">A pipeline with the same time provider.</param>
    public PipelineBuilder Add(Pipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        AddAll(pipeline.Core, pipeline.HasOwnClassifier ? s => ReclassifiedExceptions.Of(s, pipeline.Core.ExceptionClassifier) : s => s);
        return this;
    }

    /// <summary>Says what exceptions mean. Default: every exception is <see cref="Verdict.Transient"/>.</summary>
    /// <param name="classifier">Asked once an outcome.</param>
    public PipelineBuilder Classify(ExceptionClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        _classifier = classifier;
        return this;
    }

    /// <summary>Says what exceptions mean, by rules.</summary>
    /// <param name="rules">Completes the rules it is given.</param>
    public PipelineBuilder Classify(Func<ExceptionRules, ExceptionRules> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return Classify(rules(new ExceptionRules()));
    }

    /// <summary>The pipeline of what was added so far.</summary>
    /// <exception cref="InvalidOperationException">There are more than 64 strategies, or they do not share the time provider.</exception>
    public Pipeline Build() => new(BuildCore(_classifier ?? ExceptionClassifier.Default, null), _classifier is not null);

    private protected override void Accept(Strategy strategy)
    {
        if (strategy.SeesValue || (strategy.Wraps && strategy is not WrappingStrategy))
        {
            throw new ArgumentException(
                $"The strategy '{strategy.Name}' sees results: add it to a PipelineBuilder<T> of its type.", nameof(strategy));
        }
    }
}
