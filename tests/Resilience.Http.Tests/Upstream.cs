using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Resilience.Http.Tests;

/// <summary>A real Kestrel on a loopback port: answers by a function of the request's number, and keeps the bodies that it got.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _bodies = [];
    private int _requests;

    private Upstream(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public int Requests => Volatile.Read(ref _requests);

    public IReadOnlyCollection<string> Bodies => _bodies;

    public static Task<Upstream> StartAsync(params HttpStatusCode[] statuses) =>
        StartAsync(HttpProtocols.Http1, (number, context) =>
        {
            context.Response.StatusCode = (int)statuses[Math.Min(number, statuses.Length - 1)];
            return context.Response.WriteAsync("said");
        });

    public static async Task<Upstream> StartAsync(HttpProtocols protocols, Func<int, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        var app = builder.Build();
        var upstream = new Upstream(app);
        app.Run(async context =>
        {
            var number = Interlocked.Increment(ref upstream._requests) - 1;
            using var reader = new StreamReader(context.Request.Body);
            upstream._bodies.Enqueue(await reader.ReadToEndAsync());
            await answer(number, context);
        });
        await app.StartAsync();
        upstream.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
