using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>Short ways to a pipeline.</summary>
internal static class Pipelines
{
    internal static Pipeline Of(params Strategy[] strategies) => Of(TimeProvider.System, strategies);

    internal static Pipeline Of(TimeProvider time, params Strategy[] strategies)
    {
        var builder = new PipelineBuilder { TimeProvider = time };
        foreach (var strategy in strategies)
        {
            builder.Add(strategy);
        }

        return builder.Build();
    }

    internal static Pipeline<T> For<T>(params Strategy[] strategies) => For<T>(null, strategies);

    internal static Pipeline<T> For<T>(Classifier<T>? classifier, params Strategy[] strategies)
    {
        var builder = new PipelineBuilder<T>();
        foreach (var strategy in strategies)
        {
            builder.Add(strategy);
        }

        if (classifier is not null)
        {
            builder.Classify(classifier);
        }

        return builder.Build();
    }

    /// <summary>Moves a manual clock until the call has ended.</summary>
    internal static async Task<T> RunBy<T>(this ValueTask<T> call, ManualClock clock)
    {
        var task = call.AsTask();
        while (!task.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await task;
    }
}
