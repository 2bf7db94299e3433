namespace Resilience;

/// <summary>Lets deadlines flow from call to call.</summary>
public static class DeadlineFlowExtensions
{
    /// <summary>
    /// Lets the nearest deadline of this position flow with the <see cref="ExecutionContext"/> to whatever is called inside, as
    /// <see cref="Deadline.Remaining"/>; and puts what is inside under a deadline that flows here from outside. Add it last to offer deadlines,
    /// first to heed them, or both. A call through it allocates what the flow needs.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name in descriptions.</param>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    public static TBuilder AddDeadlineFlow<TBuilder>(this TBuilder builder, string name = "deadline flow")
        where TBuilder : StrategyBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddStrategy(new DeadlineFlowStrategy(name));
        return builder;
    }
}
