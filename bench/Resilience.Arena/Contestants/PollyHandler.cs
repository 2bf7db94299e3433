using Polly;

namespace Resilience.Arena;

/// <summary>
/// Runs a request through a Polly pipeline in the cheapest way its documentation names: pooled context, static callback with state,
/// and outcomes instead of exceptions between the layers.
/// </summary>
internal sealed class PollyHandler : DelegatingHandler
{
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public PollyHandler(ResiliencePipeline<HttpResponseMessage> pipeline, HttpMessageHandler inner)
        : base(inner)
    {
        _pipeline = pipeline;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            global::Polly.Outcome<HttpResponseMessage> outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (context, state) =>
                {
                    try
                    {
                        HttpResponseMessage response = await state.Handler.ForwardAsync(state.Request, context.CancellationToken)
                            .ConfigureAwait(context.ContinueOnCapturedContext);
                        return global::Polly.Outcome.FromResult(response);
                    }
                    catch (Exception failure)
                    {
                        return global::Polly.Outcome.FromException<HttpResponseMessage>(failure);
                    }
                },
                context,
                (Handler: this, Request: request)).ConfigureAwait(false);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, CancellationToken token) => base.SendAsync(request, token);
}
