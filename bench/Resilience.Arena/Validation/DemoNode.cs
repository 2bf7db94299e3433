using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Resilience.Rpc;

namespace Resilience.Arena;

/// <summary>A JSON-RPC node on a free port of the loopback interface, which is slow, breaks connections or lies as it is told.</summary>
internal sealed class DemoNode : IAsyncDisposable
{
    private const int Lies = 1_000;
    private readonly WebApplication _application;
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
    private readonly Random _dice;

    private DemoNode(int seed)
    {
        _dice = new Random(seed);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public TimeSpan Delay { get; set; }

    /// <summary>The share of requests whose connection is reset before an answer.</summary>
    public double Faults { get; set; }

    /// <summary>The share of answers that are one of a thousand wrong ones.</summary>
    public double Wrong { get; set; }

    public JsonRpcClient Client { get; private set; } = null!;

    public static async Task<DemoNode> StartAsync(int seed)
    {
        var node = new DemoNode(seed);
        await node._application.StartAsync();
        var addresses = node._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        node.Client = new JsonRpcClient(node._http, new Uri(addresses.Addresses.Single()));
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        if (Delay > TimeSpan.Zero)
        {
            await Task.Delay(Delay);
        }

        var (breaks, lie) = Roll();
        if (breaks)
        {
            context.Abort();
            return;
        }

        var result = DemoChain.Answer(request["method"]!.GetValue<string>(), request["params"]?.AsArray() ?? [], lie);
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = request["id"]!.DeepClone(), ["result"] = result };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private (bool Breaks, int Lie) Roll()
    {
        lock (_dice)
        {
            return (_dice.NextDouble() < Faults, _dice.NextDouble() < Wrong ? 1 + _dice.Next(Lies) : 0);
        }
    }
}
