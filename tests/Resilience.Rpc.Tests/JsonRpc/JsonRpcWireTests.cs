using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Resilience.Rpc.Tests.JsonRpc;

/// <summary>The client over real sockets against Kestrel.</summary>
public sealed class JsonRpcWireTests
{
    private static readonly JsonRpcRequest s_call = JsonRpcRequest.Of("eth_call");

    [Fact]
    public async Task WhenTheBodyComesInPieces_ItIsRead()
    {
        await using var server = await Server.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            foreach (var piece in """{"jsonrpc":"2.0","id":1,"result":{"é":[1,2,"\u00e9"]}}""".Chunk(3))
            {
                await context.Response.WriteAsync(new string(piece));
                await context.Response.Body.FlushAsync();
            }
        });
        using var reply = await server.Client().CallAsync(s_call);
        Assert.Equal("""{"é":[1,2,"\u00e9"]}""", Encoding.UTF8.GetString(reply.Result.Span));
    }

    [Fact]
    public async Task WhenTheConnectionEndsWithinTheBody_ItIsNetwork()
    {
        await using var server = await Server.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("""{"jsonrpc":"2.0","id":1,"result":""");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var reply = await server.Client().CallAsync(s_call);
        Assert.Equal(FaultClass.Network, reply.Fault);
    }

    [Fact]
    public async Task WhenNobodyListens_ItIsNetwork()
    {
        var server = await Server.StartAsync(_ => Task.CompletedTask);
        var client = server.Client();
        await server.DisposeAsync();
        using var reply = await client.CallAsync(s_call);
        Assert.Equal((FaultClass.Network, null), (reply.Fault, reply.Status));
    }

    [Fact]
    public async Task WhenTheAnswerIsABombOfGzip_ItIsStoppedAtTheBound()
    {
        await using var server = await Server.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync("""{"jsonrpc":"2.0","id":1,"result":["""u8.ToArray());
            var blanks = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0,", 50_000)));
            for (var i = 0; i < 1_000 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await gzip.WriteAsync(blanks);
            }
        });
        using var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip };
        var client = new JsonRpcClient(new HttpClient(handler), server.Address, new JsonRpcOptions { MaxResponseBytes = 1 << 20 });
        using var reply = await client.CallAsync(s_call);
        Assert.Equal(FaultClass.TooLarge, reply.Fault);
    }

    [Fact]
    public async Task WhenTheServerStalls_TheCallersTokenEndsTheCall_AndTheServerSeesIt()
    {
        var begun = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var server = await Server.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.RequestAborted.Register(aborted.SetResult);
            begun.SetResult();
            await aborted.Task;
        });
        using var source = new CancellationTokenSource();
        var call = server.Client().CallAsync(s_call, source.Token).AsTask();
        await begun.Task;
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await aborted.Task;
    }

    [Fact]
    public async Task WhenManyCallsRunAtOnce_EachGetsItsOwnAnswer()
    {
        await using var server = await Server.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            var id = System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("id").GetInt64();
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{id}},"result":{{body}} }""");
        });
        var client = server.Client();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            using var reply = await client.CallAsync(JsonRpcRequest.Of("echo", $"number {i}"));
            Assert.Contains($"\"number {i}\"", Encoding.UTF8.GetString(reply.Result.Span), StringComparison.Ordinal);
        }));
    }

    private sealed class Server : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly HttpClient _http = new();

        private Server(WebApplication app) => _app = app;

        public Uri Address { get; private set; } = null!;

        public static async Task<Server> StartAsync(Func<HttpContext, Task> answer)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var server = new Server(builder.Build());
            server._app.Run(context => answer(context));
            await server._app.StartAsync();
            var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
            server.Address = new Uri(addresses.Addresses.Single());
            return server;
        }

        public JsonRpcClient Client() => new(_http, Address);

        public async ValueTask DisposeAsync() => await _app.DisposeAsync();
    }
}
