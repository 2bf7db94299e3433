namespace Resilience;

/// <summary>Builds a <see cref="Pipeline{T}"/>.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
/// <remarks>Not safe for concurrent use. Building copies: what is added or set later changes no pipeline built before.</remarks>
public sealed class PipelineBuilder<T> : StrategyBuilder
{
    private Classifier<T>? _classifier;

    /// <summary>Adds a strategy inside those added before.</summary>
    /// <param name="strategy">The strategy.</param>
    public PipelineBuilder<T> Add(Strategy strategy)
    {
        AddStrategy(strategy);
        return this;
    }

    /// <summary>Adds a strategy under a classifier of its own; the others keep the pipeline's.</summary>
    /// <param name="strategy">The strategy; not one that wraps, which sees no verdict.</param>
    /// <param name="classifier">What outcomes mean to this strategy.</param>
    public PipelineBuilder<T> Add(Strategy strategy, Classifier<T> classifier)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(classifier);
        if (strategy.Wraps)
        {
            throw new ArgumentException($"The strategy '{strategy.Name}' wraps the call and sees no verdict.", nameof(strategy));
        }

        Accept(strategy);
        AddStrategy(new Reclassified<T>(strategy, classifier));
        return this;
    }

    /// <summary>Adds the strategies of a pipeline inside those added before. They keep its classifier if it was given one.</summary>
    /// <param name="pipeline">A pipeline with the same time provider.</param>
    public PipelineBuilder<T> Add(Pipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        AddAll(pipeline.Core, pipeline.HasOwnClassifier ? s => ReclassifiedExceptions.Of(s, pipeline.Core.ExceptionClassifier) : s => s);
        return this;
    }

    /// <summary>Adds the strategies of a pipeline inside those added before. They keep its classifier if it was given one.</summary>
    /// <param name="pipeline">A pipeline with the same time provider.</param>
    public PipelineBuilder<T> Add(Pipeline<T> pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        AddAll(
            pipeline.Core,
            pipeline.Core.ResultClassifier is Classifier<T> own ? s => s.Wraps || s.HasOwnClassifier ? s : new Reclassified<T>(s, own) : s => s);
        return this;
    }

    /// <summary>Says what outcomes mean. Default: results are successes, every exception is <see cref="Verdict.Transient"/>.</summary>
    /// <param name="classifier">Asked once an outcome.</param>
    public PipelineBuilder<T> Classify(Classifier<T> classifier)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        _classifier = classifier;
        return this;
    }

    /// <summary>Says what outcomes mean, by rules.</summary>
    /// <param name="rules">Completes the rules it is given.</param>
    public PipelineBuilder<T> Classify(Func<OutcomeRules<T>, OutcomeRules<T>> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return Classify(rules(new OutcomeRules<T>()));
    }

    /// <summary>The pipeline of what was added so far.</summary>
    /// <exception cref="InvalidOperationException">There are more than 64 strategies, or they do not share the time provider.</exception>
    public Pipeline<T> Build() => new(BuildCore(ExceptionClassifier.Default, _classifier));

    private protected override void Accept(Strategy strategy)
    {
        if ((strategy.SeesValue && strategy is not Strategy<T>)
            || (strategy.Wraps && strategy is not (WrappingStrategy or WrappingStrategy<T>)))
        {
            throw new ArgumentException(
                $"The strategy '{strategy.Name}' sees results of another type than {typeof(T).Name}.", nameof(strategy));
        }
    }
}
