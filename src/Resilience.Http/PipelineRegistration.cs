namespace Resilience.Http;

/// <summary>One call of AddResilience: its identity is what the pipeline is kept under, so that a client may have several.</summary>
/// <param name="name">The client's name.</param>
/// <param name="configure">Adds the strategies.</param>
internal sealed class PipelineRegistration(string name, Action<PipelineBuilder<HttpResponseMessage>, IServiceProvider> configure)
{
    /// <summary>Builds the pipeline.</summary>
    /// <param name="services">The root service provider.</param>
    internal Pipeline<HttpResponseMessage> Build(IServiceProvider services)
    {
        var time = (TimeProvider?)services.GetService(typeof(TimeProvider)) ?? TimeProvider.System;
        var classifier = new HttpClassifier(time);
        var builder = new PipelineBuilder<HttpResponseMessage> { Name = name.Length > 0 ? name : null, TimeProvider = time }.Classify(classifier);
        configure(builder, services);
        classifier.Follow(builder.TimeProvider);
        return builder.Build();
    }
}
