using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Resilience.Arena;

/// <summary>Kestrel on a free port of the loopback interface.</summary>
internal sealed class UpstreamServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private UpstreamServer(WebApplication application)
    {
        _application = application;
        IServerAddressesFeature addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Port = new Uri(addresses.Addresses.Single()).Port;
    }

    public int Port { get; }

    public static async Task<UpstreamServer> StartAsync(UpstreamBehaviour behaviour)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, LifetimeOfParent>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, 0);
        });
        WebApplication application = builder.Build();
        application.Run(behaviour.AnswerAsync);
        await application.StartAsync();
        return new UpstreamServer(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
