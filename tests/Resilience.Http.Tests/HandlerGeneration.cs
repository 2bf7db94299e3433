using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Resilience.Http.Tests;

/// <summary>What the factory does each time that a client's handlers have reached the end of their lifetime: it makes new ones.</summary>
internal static class HandlerGeneration
{
    public static List<ResilienceHandler> Of(IServiceProvider services, string name)
    {
        var builder = services.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = name;
        foreach (var action in services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(name).HttpMessageHandlerBuilderActions)
        {
            action(builder);
        }

        return [.. builder.AdditionalHandlers.OfType<ResilienceHandler>()];
    }
}
